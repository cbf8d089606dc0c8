"""The panel that tells what changed in a row."""

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.urls import reverse

from kernel.access import EVERYONE, ScopedQuerySet
from kernel.history import trail
from kernel.history.words import tell
from kernel.pages import PlainPage

PAGE_SIZE = 25
LAST_PAGE = 400


class HistoryPanel(PlainPage):
    """Who changed what of one row, newest first: a page of its own, or a panel that another page loads."""

    open_to = EVERYONE

    def get_template_names(self) -> list[str]:
        return ["history/entries.html" if self.request.htmx else "history/panel.html"]  # type: ignore[attr-defined]  # by HtmxMiddleware

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, page = self._row(), self._page()
        sources = trail.sources_of(row, self.user)
        if not sources:
            raise Http404
        events = trail.read(sources, skip=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1)
        return super().get_context_data(
            row=row,
            back=self._back(row),
            kind=row._meta.verbose_name,
            entries=tell(events[:PAGE_SIZE], self.user),
            newer=page - 1,
            older=page + 1 if len(events) > PAGE_SIZE else None,
            **kwargs,
        )

    def _back(self, row: models.Model) -> str:
        """The row's own page; to oneself that is the profile."""
        if row == self.user:
            return reverse("accounts:profile")
        return row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""

    def _row(self) -> models.Model:
        try:
            model = apps.get_model(self.kwargs["app_label"], self.kwargs["model"])
            rows = model._default_manager.all()
            if not isinstance(rows, ScopedQuerySet):
                raise Http404
            return rows.visible_to(self.user).get(pk=self.kwargs["pk"])
        except (LookupError, ValueError, ValidationError, OverflowError, models.ObjectDoesNotExist):
            raise Http404 from None

    def _page(self) -> int:
        wanted = self.request.GET.get("page", "1")
        if not wanted.isascii() or not wanted.isdigit() or not 1 <= int(wanted) <= LAST_PAGE:
            raise Http404
        return int(wanted)
