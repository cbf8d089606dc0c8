"""Lists: filtered, sorted, in pages, saved as views and taken away as files."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from kernel.access import Roles
from kernel.exports import CONTENT_TYPES, export
from kernel.pages.base import ScopedRows
from kernel.paging import CappedPaginator
from kernel.saved_views.menu import menu_of

Text = str | Promise


@dataclass(frozen=True)
class Action:
    """A button above a list: it leads to a page, and is offered to some roles, or to whoever may add rows."""

    label: Text
    page: str
    offered_to: Roles | None = None
    is_main: bool = True
    icon: str = "add"


class ListPage(ScopedRows, SingleTableMixin, FilterView):
    """A filtered, sorted, paginated list whose whole state is in the URL; `?export=csv|xlsx` is the same as a file.

    What stands around its table is said here; a list with more than that has a template that extends this one.
    """

    template_name = "tables/list.html"
    paginate_by = 50
    paginator_class = CappedPaginator
    strict = False
    export_name: ClassVar[str] = "export"
    # By default the model's name, as `noun` is: the word beside the number of rows, one that takes a number.
    title: ClassVar[Text] = ""
    noun: ClassVar[Any] = None
    # What the list is of: in a line below the title, or at more length above the filters.
    about: ClassVar[Text] = ""
    lead: ClassVar[Text] = ""
    # The page above this one: its title, and its name in the URLconf.
    up: ClassVar[tuple[Text, str] | None] = None
    actions: ClassVar[tuple[Action, ...]] = ()
    shows_filters: ClassVar[bool] = True
    # What to do where there is no row at all; a list that its filters leave empty says so by itself.
    nothing_yet: ClassVar[Text] = ""

    def facts(self) -> list[Text]:
        """What stands below the title."""
        return [self.about] if self.about else []

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
        can_create = self.model._default_manager.all().creatable_by(self.user)
        context: dict[str, Any] = super().get_context_data(can_create=can_create, **kwargs)
        table = context[self.get_context_table_name(None)]
        table.nothing_yet = "" if context["filter"].form.changed_data else self.nothing_yet
        around = {
            "title": self.title or capfirst(self.model._meta.verbose_name_plural),
            "noun": self.counted(table.paginator.count),
            "facts": self.facts(),
            "actions": [each for each in self.actions if self.is_offered(each, can_create)],
            "saved_views": menu_of(self, self.request, self.user),
        }
        return around | context

    def counted(self, rows: int) -> str:
        """The word for so many rows."""
        if self.noun is not None:
            return str(self.noun % rows)
        return str(self.model._meta.verbose_name if rows == 1 else self.model._meta.verbose_name_plural)

    def is_offered(self, action: Action, can_create: bool) -> bool:
        return can_create if action.offered_to is None else self.user.role in action.offered_to
