"""Walks every address as every kind of visitor: what `tests/resources/` says is served, and nothing else is.

A route that the table does not know fails, and so does an argument that no row is known for. Refused writes, and
everything that only reads, leave no trace.
"""

import datetime
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Model
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from rest_framework.views import APIView

from kernel.accounts.middleware import OPEN_MEANWHILE
from kernel.accounts.operations import issue_token
from kernel.accounts.scopes import resources
from kernel.pages import Page
from tests.conftest import Cast, World
from tests.resources import ROOMS, TABLE, VISITORS, Line, Rows, Side, make_rows

Visitors = dict[str, Client]
UNSAFE = ("post", "put", "patch", "delete")
REFUSED = set("ufxmL")
LETTERS = {200: "o", 400: "b", 401: "u", 403: "f", 404: "x", 405: "m"}
OPEN_TO_THE_WORLD = frozenset({"healthz", "readyz", "theme", "dashboards:calendar_feed"})
ALLAUTH = ("account_", "mfa_")


# --- what there is ---


def routes(patterns: list[Any] | None = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Every route of the URLconf with its full name."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from routes(pattern.url_patterns, inner)
        else:
            yield ":".join((*spaces, pattern.name or str(pattern.pattern))), pattern


ROUTES = {name: pattern for name, pattern in routes() if not name.startswith("admin:")}
ADMIN = {name: pattern for name, pattern in routes() if name.startswith("admin:")}

# Routes are walked in groups: making rows for each would take minutes, and one process alone with all as well.
AT_ONCE = 16
IN_ORDER = sorted(ROUTES)
GROUPS = {IN_ORDER[first]: IN_ORDER[first : first + AT_ONCE] for first in range(0, len(IN_ORDER), AT_ONCE)}


def view_of(pattern: URLPattern) -> Any:
    """The class behind a route, or its function."""
    callback: Any = pattern.callback
    return getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback


@pytest.fixture
def rows(world: World, cast: Cast) -> Rows:
    """Ours and theirs."""
    return make_rows(world, cast)


@pytest.fixture
def visitors(cast: Cast) -> Visitors:
    """A browser for each kind of visitor, signed in."""
    clients = {}
    for name in VISITORS:
        clients[name] = Client()
        if name != "nobody":
            clients[name].force_login(cast.by_role()[name])
    return clients


# --- how an address is made and an answer read ---


def address(name: str, line: Line, side: Side) -> str:
    """The address of a route for the row that the table names; an argument nobody knows raises."""
    if not names_row(name, line):
        return reverse(name, kwargs=line.arguments)
    assert line.model is not None
    row = side[line.model]
    return reverse(name, kwargs={key: argument(row, key) for key in arguments_of(ROUTES[name])})


def names_row(name: str, line: Line) -> bool:
    """Whether an address says of which row it is."""
    return not line.arguments and bool(arguments_of(ROUTES[name]))


def arguments_of(pattern: URLPattern) -> list[str]:
    """The names of what stands in an address."""
    return list(pattern.pattern.regex.groupindex)


def argument(row: Model, name: str) -> Any:
    match name:
        case "pk":
            return row.pk
        case "number":
            return row.number
        case "code":
            return row.code if hasattr(row, "code") else row.organization.code
        case "app_label":
            return row._meta.app_label
        case "model":
            return row._meta.model_name
    raise LookupError(f"No row is known for the argument {name}.")


def letter(response: HttpResponseBase) -> str:
    """How the table writes an answer."""
    if response.status_code == 302:
        return "L" if response.headers["Location"].startswith("/accounts/login/") else ">"
    return LETTERS.get(response.status_code, str(response.status_code))


def letters(name: str, *, sending: bool = False) -> tuple[str, ...]:
    """What visitors get for our row and for theirs, or, where the address names no row, at all."""
    line = TABLE[name]
    ours, theirs = line.sends if sending and line.sends else (line.ours, line.theirs)
    return (ours, theirs) if names_row(name, line) else (ours,)


def cases(name: str, rows: Rows, *, sending: bool = False) -> Iterator[tuple[str, str, str]]:
    """The table's expectations of a route: visitor, address, letter."""
    for side, signs in zip(rows, letters(name, sending=sending), strict=False):
        path = address(name, TABLE[name], side)
        yield from ((visitor, path, sign) for visitor, sign in zip(VISITORS, signs, strict=True))


def trace() -> dict[str, Any]:
    """What every table holds, sessions aside: another answer means that something was written."""
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if table != "django_session"]
        content = "(SELECT count(*) || ' ' || coalesce(sum(hashtext(t::text)), 0) FROM \"{}\" t)"
        cursor.execute(f"SELECT {', '.join(content.format(table) for table in tables)}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


def entered(response: Any) -> dict[str, Any]:
    """What the form of a page holds, so that sending it again would be a valid write."""
    form = (response.context or {}).get("form")
    if form is None or not hasattr(form, "fields"):
        return {}
    values = {field.html_name: field.value() for field in form}
    return {key: "" if value is None else value for key, value in values.items()}


# --- the walk ---


def test_the_table_knows_every_route_and_no_other() -> None:
    assert set(ROUTES) == set(TABLE)
    stated = [name for room in ROOMS for name in (*room.ROUTES, *chain(*(each.lines() for each in room.RESOURCES)))]
    assert sorted(stated) == sorted(TABLE), "a route stands twice"


def test_pages_say_whom_they_are_open_to() -> None:
    """Pages name their roles, the API's views their resource; the few others stand in the table alone."""
    for name, pattern in ROUTES.items():
        view = view_of(pattern)
        if isinstance(view, type) and issubclass(view, Page):
            assert view.open_to, name
        elif isinstance(view, type) and issubclass(view, APIView):
            assert view.permission_classes, name
            assert hasattr(view, "resource") or name in {"api:schema", "api:docs"}
        else:
            assert name in OPEN_TO_THE_WORLD or name.startswith(ALLAUTH), name


@pytest.mark.parametrize("names", GROUPS.values(), ids=GROUPS)
def test_everybody_gets_what_the_table_says(names: list[str], rows: Rows, visitors: Visitors) -> None:
    before = trace()
    wrong = {}
    for name in names:
        for visitor, path, expected in cases(name, rows):
            got = letter(visitors[visitor].get(path))
            if got != expected:
                wrong[visitor, path] = f"{got} instead of {expected}"
    assert wrong == {}
    assert changed(before, trace()) == []


@pytest.mark.slow
@pytest.mark.parametrize("names", GROUPS.values(), ids=GROUPS)
def test_refused_writes_leave_no_trace(names: list[str], rows: Rows, visitors: Visitors) -> None:
    before = trace()
    wrong = {}
    for name in (name for name in names if not name.startswith(ALLAUTH)):
        forms: dict[str, dict[str, Any]] = {}
        for visitor, path, sign in cases(name, rows):
            if sign == "o" and path not in forms:
                forms[path] = entered(visitors[visitor].get(path))
        for visitor, path, sign in cases(name, rows, sending=True):
            # Whoever may send something here is the business of that page's own tests.
            methods: tuple[str, ...] = UNSAFE if path.startswith("/api/") else UNSAFE[:2]
            if sign == "o":
                methods = tuple(method for method in methods if method not in taken_by(name))
            for method in methods:
                got = letter(send(visitors[visitor], method, path, forms.get(path, {})))
                is_told = path.startswith("/api/") and method in taken_by(name)
                if got != sign if is_told else got not in REFUSED:
                    wrong[visitor, method, path] = f"{got} instead of {sign}"
    assert wrong == {}
    assert changed(before, trace()) == []


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The tables whose content differs."""
    return [table for table in before if before[table] != after[table]]


def send(client: Client, method: str, path: str, values: dict[str, Any]) -> Any:
    """Send what a form, or a program, would."""
    if path.startswith("/api/"):
        return getattr(client, method)(path, values, content_type="application/json")
    return getattr(client, method)(path, values if method == "post" else "")


def taken_by(name: str) -> set[str]:
    """The methods by which a route's view takes what a form, or a program, sends."""
    view = view_of(ROUTES[name])
    if name.endswith("-detail"):
        return {"patch"} if hasattr(view, "partial_update") else set()
    if name.endswith("-list"):
        return {"post"} if hasattr(view, "create") else set()
    return {"post"} if name.startswith("api:") or hasattr(view, "post") else set()


def test_a_session_of_an_integration_opens_nothing(cast: Cast, rows: Rows) -> None:
    client = Client()
    client.force_login(cast.integration)
    for name in ROUTES:
        for visitor, path, sign in cases(name, rows):
            if visitor == "nobody":
                assert letter(client.get(path)) == sign, path


def test_nothing_opens_to_an_auditor_without_a_second_factor(cast: Cast, rows: Rows, visitors: Visitors) -> None:
    Authenticator.objects.filter(user=cast.auditor).delete()
    for name in set(ROUTES) - OPEN_MEANWHILE:
        response = visitors["auditor"].get(address(name, TABLE[name], rows[0]))
        if name.startswith("api:"):
            assert response.status_code == 403, name
        else:
            assert response.headers.get("Location") == "/accounts/2fa/totp/activate/", name


def test_a_token_opens_the_resources_it_names_only(cast: Cast) -> None:
    expires_at = timezone.now() + datetime.timedelta(days=9)
    for resource in resources():
        other = "vendors" if resource != "vendors" else "services"
        for scope, status in ((f"{resource}:read", 200), (f"{resource}:write", 403), (f"{other}:read", 403)):
            _token, secret = issue_token(user=cast.cio, name="t", scopes=[scope], expires_at=expires_at, by=cast.cio)
            headers = {"Authorization": f"Bearer {secret}"}
            query = {"q": "x"} if resource == "search" else {}
            address = reverse(f"api:{resource}-list", query=query)
            assert Client().get(address, headers=headers).status_code == status, scope


def test_the_scopes_are_the_resources_of_the_api() -> None:
    lists = {name.removeprefix("api:").removesuffix("-list") for name in ROUTES if name.endswith("-list")}
    assert lists == set(resources())


def test_the_admin_does_not_exist_but_for_superusers(visitors: Visitors) -> None:
    for name, pattern in ADMIN.items():
        path = admin_address(name, pattern)
        for visitor, client in visitors.items():
            response = client.get(path, follow=True)
            if visitor == "nobody":
                assert response.request["PATH_INFO"] == "/accounts/login/", name
            elif name != "admin:logout":
                assert response.status_code == 404, (visitor, name)


def admin_address(name: str, pattern: URLPattern) -> str:
    known = {"object_id": "1", "app_label": "accounts", "content_type_id": 1, "url": "nothing"}
    if pattern.name is None:
        return "/admin/nothing/1/"
    return reverse(name, kwargs={key: known[key] for key in arguments_of(pattern)})
