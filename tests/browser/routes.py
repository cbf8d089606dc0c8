"""Which pages there are and how to open each as somebody: read from the URLconf and the views, not listed by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern
from django.views.generic.detail import SingleObjectMixin

from kernel.accounts.models import User
from kernel.pages import ConfirmPage, CreatePage, EditPage, Page
from metrics.models import Series
from vendors.models import Contract

# Arguments that name no row.
ARGUMENTS = {"saved_views:view_create": "vendors:vendor_list"}
# Where a page hangs below something that has no page of its own.
PARENTS: dict[str, tuple[Any, str]] = {"series/<str:code>/": (Series, "code")}
# Pages that show themselves differently by the state of their row: so many rows are looked at.
SEVERAL_ROWS = {
    "metrics:methodology_detail": 3,
    "metrics:methodology_update": 3,
    "metrics:methodology_discard": 3,
    "vendors:methodology_preview": 3,
    "vendors:methodology_use": 3,
    "vendors:scorecard_detail": 5,
    "vendors:duplicate_detail": 2,
    "vendors:merge_detail": 3,
    "vendors:service_level_detail": 4,
    "metrics:import_detail": 4,
    "metrics:import_undo": 2,
    "vendors:contract_import_detail": 8,
    "vendors:table_import_columns": 5,
    "vendors:table_import_undo": 2,
    "webhooks:webhook_detail": 2,
    "webhooks:message_detail": 3,
}

# Pages that the query lets look differently.
OTHER_VIEWS = {"vendors:contract_calendar": ("?view=month",), "dashboards:search": ("?q=a", "?q=nothing+at+all")}

BEFORE_SIGNING_IN = {
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
}
OF_ONES_ACCOUNT = {"account_logout", "account_change_password", "mfa_index", "mfa_activate_totp", "api-docs"}
# No pages, pages of Django's admin, or pages that only a link from an e-mail or a second factor opens.
ELSEWHERE = {
    "healthz",
    "readyz",
    "theme",
    "account_reauthenticate",
    "account_reset_password_from_key",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "dashboards:calendar_feed",
}
# Addresses that send a file.
FILES = {"metrics:import_refused", "vendors:contract_import_refused", "vendors:scorecard_pdf"}
OTHER_HALLS = ("admin/", "api/")


@dataclass(frozen=True)
class Route:
    """One entry of the URLconf."""

    name: str
    path: str
    view: type | None
    arguments: tuple[str, ...]

    @property
    def is_page(self) -> bool:
        """Whether it is one of the house's pages that can be opened."""
        if self.view is None or self.name in FILES:
            return False
        return issubclass(self.view, Page) and "get" in self.view.http_method_names


def routes() -> list[Route]:
    """Every entry outside the admin and the API."""
    return [route for route in _walk(get_resolver(), "", ()) if not route.path.startswith(OTHER_HALLS)]


def _walk(resolver: URLResolver, prefix: str, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry, path, inner)
        elif isinstance(entry, URLPattern):
            view = getattr(entry.callback, "view_class", None)
            arguments = tuple(entry.pattern.converters) if isinstance(entry.pattern, RoutePattern) else ()
            yield Route(":".join((*namespaces, str(entry.name))), path, view, arguments)


def unknown_routes() -> list[str]:
    """Entries that nobody said how to treat: every new page must derive from `Page` or be named above."""
    known = BEFORE_SIGNING_IN | OF_ONES_ACCOUNT | ELSEWHERE
    return [
        route.name
        for route in routes()
        if route.name not in known and not (route.view is not None and issubclass(route.view, Page))
    ]


def addresses(route: Route, user: User) -> list[str]:
    """Where `user` opens this page; nowhere if it is closed to the role or there is no row."""
    view: Any = route.view
    if user.role not in view.open_to:
        return []
    allowed = not issubclass(view, CreatePage) or view.model._default_manager.all().creatable_by(user)
    if route.name in ARGUMENTS:
        return [reverse(route.name, args=[ARGUMENTS[route.name]])] if allowed else []
    if not route.arguments:
        views = ("", *OTHER_VIEWS.get(route.name, ()))
        return [f"{reverse(route.name)}{view}" for view in views] if allowed else []
    if route.name == "history:panel":
        rows = Contract.objects.visible_to(user).order_by("pk")[:1]
        return [reverse(route.name, args=["vendors", "contract", row.pk]) for row in rows]
    return [reverse(route.name, args=[value]) for value in _values(route, user)]


def _values(route: Route, user: User) -> list[Any]:
    """What the one argument of the page's address may be."""
    view: Any = route.view
    if issubclass(view, SingleObjectMixin) and not issubclass(view, CreatePage):
        changes = issubclass(view, EditPage | ConfirmPage)
        rows = view.model._default_manager.all()
        rows = rows.editable_by(user) if changes else rows.visible_to(user)
        field = view.slug_field if view.slug_url_kwarg in route.arguments else "pk"
        return [_field(row, field) for row in rows.order_by("pk")[: SEVERAL_ROWS.get(route.name, 1)]]
    model, field = _parent(route)
    rows = model._default_manager.all()
    rows = rows.editable_by(user) if issubclass(view, CreatePage) else rows.visible_to(user)
    return [_field(row, field) for row in rows.order_by("pk")[:1]]


def _parent(route: Route) -> tuple[Any, str]:
    """The model whose row the address names, and the field it is named by."""
    path = route.path[: route.path.index(">/") + 2]
    if path in PARENTS:
        return PARENTS[path]
    parent: Any = next(each.view for each in routes() if each.path == path)
    return parent.model, parent.slug_field if parent.slug_url_kwarg in route.arguments else "pk"


def _field(row: Model, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row
