"""Walks every address as every kind of visitor: what `access_table` says is served, and nothing else is.

A route that the table does not know fails, and so does an argument that no row is known for. Refused writes, and
everything that only reads, leave no trace.
"""

import datetime
from collections.abc import Iterator
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
from kernel.accounts.models import ApiToken, CalendarAddress, User
from kernel.accounts.operations import issue_calendar_address, issue_token
from kernel.accounts.scopes import resources
from kernel.directory.models import Contact, Membership, Organization, OrganizationMerge
from kernel.jobs.models import Job
from kernel.pages import Page
from kernel.saved_views.models import SavedView
from kernel.webhooks.models import Delivery, Endpoint
from metrics.models import Import, Indicator, Measurement, Methodology, Outcome, OutcomeSeries, Series, Target
from tests.access_table import TABLE, VISITORS, Line
from tests.conftest import JANUARY, LONG_AGO, Cast, World
from tests.vendors.identity.rows import make_merge, make_pair
from vendors.models import (
    Amendment,
    Contract,
    ContractImport,
    Integration,
    LikelyDuplicate,
    Milestone,
    Payment,
    Scorecard,
    Service,
    ServiceLevel,
    ServiceLevelTemplate,
    Subscription,
    Vendor,
)

Rows = dict[type[Model], Model]
Visitors = dict[str, Client]
UNSAFE = ("post", "put", "patch", "delete")
REFUSED = {401, 403, 404, 405}
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

# Routes are walked in groups: making a world for each would take minutes.
GROUPS: dict[str, list[str]] = {}
for known_route in ROUTES:
    GROUPS.setdefault(known_route.rpartition(":")[0] or "root", []).append(known_route)


def view_of(pattern: URLPattern) -> Any:
    """The class behind a route, or its function."""
    callback: Any = pattern.callback
    return getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback


@pytest.fixture
def ours(cast: Cast, world: World) -> Rows:
    """A row of each model that hangs on Health, Acme and their contract."""
    series = world.service_level.series
    outcome = Outcome.objects.create(code="faster", organization=world.health, name="Faster permits")
    return {
        **rows_of(world.acme, world.health, world.contract, world.service, series, outcome, cast.cio),
        Integration: Integration.objects.get(),
        Import: Import.objects.create(file_name="ours.csv", started_by=cast.manager),
        ContractImport: make_table("ours.csv", cast.cio),
        LikelyDuplicate: make_pair("ours"),
        OrganizationMerge: make_merge(world.acme, cast.cio),
        SavedView: SavedView.objects.create(owner=cast.agency_member, page="vendors:vendor_list", name="Ours"),
        Job: Job.objects.create(kind="nothing", title="Ours", requested_by=cast.manager),
        **make_webhook(cast.cio),
        Membership: cast.agency_member.memberships.get(),
        Methodology: world.methodology,
        Scorecard: make_scorecard(world.acme, world.methodology, cast.cio),
        Subscription: Subscription.objects.get(agency=world.health),
        User: cast.agency_member,
        ApiToken: token_of(cast.agency_member, cast.agency_member),
        CalendarAddress: issue_calendar_address(by=cast.agency_member)[0],
    }


@pytest.fixture
def rows(ours: Rows, theirs: Rows) -> tuple[Rows, Rows]:
    """Ours and theirs."""
    return ours, theirs


@pytest.fixture
def theirs(cast: Cast, world: World, ours: Rows) -> Rows:
    """A row of each model that hangs on Parks and Rival; the token is the integration's."""
    series = world.other_service_level.series
    outcome = Outcome.objects.create(code="greener", organization=world.parks, name="Greener parks")
    service = Service.objects.create(code="mowing", name="Mowing", provider=world.rival)
    integrator = Organization.objects.create(code="other-msi", name="Other Integrator")
    return {
        **rows_of(world.rival, world.parks, world.other_contract, service, series, outcome, cast.cio),
        Integration: Integration.objects.create(integrator=integrator, supplier=world.rival, starts_on=LONG_AGO),
        Import: Import.objects.create(file_name="theirs.csv", started_by=cast.cio),
        ContractImport: make_table("theirs.csv", cast.outsider),
        LikelyDuplicate: make_pair("theirs"),
        OrganizationMerge: make_merge(world.rival, cast.cio),
        SavedView: SavedView.objects.create(owner=cast.outsider, page="vendors:vendor_list", name="Theirs"),
        Job: Job.objects.create(kind="nothing", title="The portal's own"),
        **make_webhook(cast.integration),
        Membership: cast.outsider.memberships.get(),
        Methodology: world.methodology,
        Scorecard: make_scorecard(world.rival, world.methodology, None),
        Subscription: Subscription.objects.create(agency=world.parks, service=service, starts_on=LONG_AGO),
        User: cast.outsider,
        ApiToken: token_of(cast.integration, cast.cio),
        CalendarAddress: issue_calendar_address(by=cast.cio)[0],
    }


def make_table(name: str, by: User) -> ContractImport:
    """A table of contracts that was sent."""
    holds = ContractImport.Holds.CONTRACT_TABLE
    row = ContractImport.objects.create(file_name=name, started_by=by, holds=holds, settings={"source": "City"})
    row.parts.create(kind="sent", position=1, content=b"Contract number,Vendor\n1,Paving\n")
    return row


def rows_of(
    vendor: Vendor,
    agency: Organization,
    contract: Contract,
    service: Service,
    series: Series,
    outcome: Outcome,
    by: User,
) -> Rows:
    return {
        type(agency.agency): agency.agency,
        Amendment: Amendment.objects.create(contract=contract, reference="A"),
        Contact: Contact.objects.create(organization=agency, name="Somebody"),
        Contract: contract,
        Indicator: series.indicator,
        Measurement: Measurement.objects.create(series=series, observed_on=JANUARY, value=96),
        Milestone: Milestone.objects.create(contract=contract, reference="M", title="M"),
        Outcome: outcome,
        OutcomeSeries: OutcomeSeries.objects.create(outcome=outcome, series=series),
        Payment: Payment.objects.create(contract=contract, reference="P", paid_on=JANUARY, amount=1),
        Series: series,
        Service: service,
        ServiceLevel: series.service_level,
        ServiceLevelTemplate: ServiceLevelTemplate.objects.create(
            code=series.code, name="T", indicator=series.indicator, dimension="outcomes", target=95
        ),
        Target: series.targets.get(),
        Vendor: vendor,
    }


def make_webhook(acts_for: User) -> Rows:
    """A webhook and a message to it."""
    endpoint = Endpoint.objects.create(
        name="W", url="https://example.org/", event_types=["job.finished"], acts_for=acts_for, secret="-"
    )
    delivery = Delivery.objects.create(endpoint=endpoint, event="job.finished", key="1", body="{}")
    return {Endpoint: endpoint, Delivery: delivery}


def make_scorecard(vendor: Vendor, methodology: Methodology, publisher: User | None) -> Scorecard:
    """Published where somebody publishes it, else a draft."""
    status = Scorecard.Status.PUBLISHED if publisher else Scorecard.Status.DRAFT
    return Scorecard.objects.create(
        vendor=vendor,
        period_start=JANUARY,
        months=12,
        methodology=methodology,
        coverage=0,
        digest="0" * 64,
        computed_at=timezone.now(),
        status=status,
        published_at=timezone.now() if publisher else None,
        published_by=publisher,
    )


def token_of(user: User, by: User) -> ApiToken:
    expires_at = timezone.now() + datetime.timedelta(days=9)
    token, _secret = issue_token(user=user, name="t", scopes=["vendors:read"], expires_at=expires_at, by=by)
    return token


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


def address(name: str, line: Line, rows: Rows) -> str:
    """The address of a route for the row that the table names; an argument nobody knows raises."""
    if line.model is None:
        return reverse(name, kwargs=line.arguments or None)
    row = rows[line.model]
    return reverse(name, kwargs={key: argument(row, key) for key in arguments_of(ROUTES[name])})


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


def cases(name: str, rows: tuple[Rows, Rows], *, sending: bool = False) -> Iterator[tuple[str, str, str]]:
    """The table's expectations of a route: visitor, address, letter."""
    line = TABLE[name]
    lines = line.sends if sending and line.sends else (line.ours, line.theirs)
    for known, letters in zip(rows, lines, strict=True):
        if letters:
            path = address(name, line, known)
            yield from ((visitor, path, sign) for visitor, sign in zip(VISITORS, letters, strict=True))


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
def test_everybody_gets_what_the_table_says(names: list[str], rows: tuple[Rows, Rows], visitors: Visitors) -> None:
    before = trace()
    wrong = {}
    for name in names:
        for visitor, path, expected in cases(name, rows):
            got = letter(visitors[visitor].get(path))
            if got != expected:
                wrong[visitor, path] = f"{got} instead of {expected}"
    assert wrong == {}
    assert changed(before, trace()) == []


@pytest.mark.parametrize("names", GROUPS.values(), ids=GROUPS)
def test_refused_writes_leave_no_trace(names: list[str], rows: tuple[Rows, Rows], visitors: Visitors) -> None:
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
                response = send(visitors[visitor], method, path, forms.get(path, {}))
                if response.status_code not in REFUSED and letter(response) != "L":
                    wrong[visitor, method, path] = response.status_code
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


def test_a_session_of_an_integration_opens_nothing(cast: Cast, rows: tuple[Rows, Rows]) -> None:
    client = Client()
    client.force_login(cast.integration)
    for name in ROUTES:
        for visitor, path, sign in cases(name, rows):
            if visitor == "nobody":
                assert letter(client.get(path)) == sign, path


def test_nothing_opens_to_an_auditor_without_a_second_factor(cast: Cast, ours: Rows, visitors: Visitors) -> None:
    Authenticator.objects.filter(user=cast.auditor).delete()
    for name in set(ROUTES) - OPEN_MEANWHILE:
        response = visitors["auditor"].get(address(name, TABLE[name], ours))
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
