"""Pages and how to open each as somebody: read from the URLconf, the views and `tests/resources/`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

from kernel.accounts.models import User
from kernel.pages import ConfirmPage, CreatePage, EditPage, Page
from tests.resources import TABLE
from tests.test_access import argument

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
        if self.view is None or TABLE[self.name].is_file:
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
    line = TABLE[route.name]
    if line.arguments or not route.arguments:
        address = reverse(route.name, kwargs=line.arguments)
        return [f"{address}{look}" for look in line.looks] if allowed else []
    rows = line.model._default_manager.all()
    changes = issubclass(view, CreatePage | EditPage | ConfirmPage)
    rows = rows.editable_by(user) if changes else rows.visible_to(user)
    return [
        reverse(route.name, kwargs={key: argument(row, key) for key in route.arguments})
        for row in rows.order_by("pk")[: line.shown]
    ]
