"""Lists: filtered, sorted, in pages, saved as views and taken away as files."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpResponse
from django.utils.functional import Promise
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from kernel.exports import CONTENT_TYPES, export
from kernel.pages.base import ScopedRows
from kernel.paging import CappedPaginator
from kernel.saved_views.menu import menu_of


class ListPage(ScopedRows, SingleTableMixin, FilterView):
    """A filtered, sorted, paginated list whose whole state is in the URL; `?export=csv|xlsx` is the same as a file."""

    paginate_by = 50
    paginator_class = CappedPaginator
    strict = False
    export_name: ClassVar[str] = "export"
    # What to do where there is no row at all; a list that its filters leave empty says so by itself.
    nothing_yet: ClassVar[str | Promise] = ""

    def get_paginate_by(self, rows: Any) -> int | None:
        """How many rows a page of the table has; Django's own view would count the same rows a second time."""
        return None if isinstance(rows, models.QuerySet) else self.paginate_by

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        wanted = self.request.GET.get("export", "")
        if wanted not in CONTENT_TYPES:
            return super().render_to_response(context, **kwargs)
        rows = context[self.get_context_table_name(None)].as_values()
        return export(rows, export_format=wanted, name=self.export_name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        manager = self.model._default_manager.all()
        context: dict[str, Any] = super().get_context_data(can_create=manager.creatable_by(self.user), **kwargs)
        is_filtered = bool(context["filter"].form.changed_data)
        context[self.get_context_table_name(None)].nothing_yet = "" if is_filtered else self.nothing_yet
        context["saved_views"] = menu_of(self, self.request, self.user)
        return context
