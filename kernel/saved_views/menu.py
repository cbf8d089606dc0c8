"""What stands above a list: the views that were saved of it, and the way to save the present one."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from kernel.accounts.models import User
from kernel.saved_views.models import LONGEST_QUERY, SavedView

SORT = "sort"


@dataclass(frozen=True)
class Menu:
    """The views of one list; `save_url` is empty where there is nothing to save, or who asks saves nothing."""

    views: list[SavedView]
    current: SavedView | None
    save_url: str


def menu_of(page: Any, request: HttpRequest, user: User) -> Menu:
    """The menu of a list page: one query."""
    match = request.resolver_match
    assert match is not None  # a page was found by its address
    name, query = match.view_name, kept(page, request.GET)
    views = list(SavedView.objects.visible_to(user).filter(page=name).select_related("owner"))
    current = next((view for view in views if view.query == query), None)
    may_save = query and current is None and SavedView.objects.all().creatable_by(user)
    address = reverse("saved_views:view_create", args=[name])
    return Menu(views, current, f"{address}?{query}" if may_save and not match.kwargs else "")


def kept(page: Any, query: QueryDict) -> str:
    """The part of a query that a view keeps: the list's own filters, and its order; always in one spelling."""
    filters = page.filterset_class.base_filters
    wanted = QueryDict(mutable=True)
    for name in sorted({*filters, SORT} & set(query)):
        wanted.setlist(name, [value for value in query.getlist(name) if value])
    text = wanted.urlencode()
    return text if len(text) <= LONGEST_QUERY else ""
