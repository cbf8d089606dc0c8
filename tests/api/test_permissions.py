"""Who may call what: the API's permissions as a table, and what its rows give away."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from brm_portal.api import VIEWSETS
from kernel.accounts.models import User
from kernel.accounts.operations import issue_token
from kernel.directory.models import Contact
from kernel.jobs.models import Job
from kernel.saved_views.models import SavedView
from metrics.models import Measurement, Outcome, OutcomeSeries
from tests.api.parts import parts_of
from tests.conftest import JANUARY, Cast, World, make_contract, make_service_level
from tests.vendors.identity.rows import make_merge, make_pair
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import ContractImport, Integration, Scorecard, Service, Subscription

Get = Callable[..., Any]


def bearer(user: User, *scopes: str, by: User | None = None) -> dict[str, str]:
    """The headers of a token of `user`."""
    expires = timezone.now() + datetime.timedelta(days=1)
    _, secret = issue_token(user=user, name="test", scopes=scopes, expires_at=expires, by=by or user)
    return {"Authorization": f"Bearer {secret}"}


def shared_view(owner: User) -> SavedView:
    """A view that its owner shares."""
    return SavedView.objects.create(owner=owner, page="vendors:vendor_list", query="", name="Shared", is_shared=True)


@pytest.fixture
def keys(world: World, cast: Cast) -> dict[str, str]:
    """The path of one row of each resource; of what is not open to all, of health's dealings with Acme."""
    measurement = Measurement.objects.create(series=world.service_level.series, observed_on=JANUARY, value=96)
    outcome = Outcome.objects.create(code="fewer-queues", name="Fewer queues", organization=world.health)
    measure = OutcomeSeries.objects.create(outcome=outcome, series=world.service_level.series)
    lines = {world.service_level: 80}
    card = make_scorecard(world.acme, world.methodology, JANUARY, by=cast.cio, lines=lines)
    return {
        "agencies": "health",
        "contacts": str(Contact.objects.create(organization=world.health, name="Ida Wells").pk),
        "vendors": "acme",
        "likely-duplicates": str(make_pair("pair").pk),
        "merges": str(make_merge(world.acme, cast.cio).pk),
        "contracts": "C-1",
        "contract-imports": str(ContractImport.objects.create(file_name="a.csv", started_by=cast.cio).pk),
        "saved-views": str(shared_view(cast.cio).pk),
        **{name: str(key) for name, key in parts_of(world.contract).items()},
        "services": "hosting",
        "subscriptions": str(Subscription.objects.get().pk),
        "integrations": str(Integration.objects.get().pk),
        "service-levels": "C-1-uptime",
        "service-level-templates": "availability",
        "indicators": "C-1-uptime",
        "series": "C-1-uptime",
        "targets": str(world.service_level.series.targets.get().pk),
        "measurements": str(measurement.pk),
        "outcomes": "fewer-queues",
        "outcome-measures": str(measure.pk),
        "methodologies": "default-1",
        "scorecards": str(card.pk),
        "jobs": str(Job.objects.create(kind="test", title="Asked for", requested_by=cast.agency_member).pk),
    }


def test_every_resource_is_in_the_table(keys: dict[str, str]) -> None:
    assert set(keys) == {viewset.resource for viewset in VIEWSETS}


# What each role sees of health's dealings with Acme: 200, or 404 as if it did not exist.
SEEN = """
                  cio  manager  auditor  agency_member  vendor_member  msi_member  outsider
agencies          200  200      200      200            404            404         404
contacts          200  200      200      200            404            404         404
vendors           200  200      200      200            200            200         404
likely-duplicates 200  200      200      404            404            404         404
merges            200  200      200      404            404            404         404
contracts         200  200      200      200            200            404         404
contract-imports  200  404      200      404            404            404         404
saved-views       200  200      200      404            404            404         404
amendments        200  200      200      200            200            404         404
milestones        200  200      200      200            200            404         404
payments          200  200      200      200            200            404         404
services          200  200      200      200            200            200         404
subscriptions     200  200      200      200            200            404         404
integrations      200  200      200      404            200            200         404
service-levels    200  200      200      200            200            200         404
service-level-templates 200 200   200      200            200            200         200
indicators        200  200      200      200            200            200         200
series            200  200      200      200            200            200         404
targets           200  200      200      200            200            200         404
measurements      200  200      200      200            200            200         404
outcomes          200  200      200      200            404            404         404
outcome-measures  200  200      200      200            404            404         404
methodologies     200  200      200      200            200            200         200
scorecards        200  200      200      200            200            404         404
jobs              200  404      200      200            404            404         404
"""
ROLES, *ROWS = (line.split() for line in SEEN.strip().splitlines())
TABLE = [(row[0], role, int(status)) for row in ROWS for role, status in zip(ROLES, row[1:], strict=True)]


@pytest.mark.parametrize(("resource", "role", "status"), TABLE)
def test_who_reads_what(cast: Cast, keys: dict[str, str], get: Get, resource: str, role: str, status: int) -> None:
    user = cast.by_role()[role]
    answer = get(f"{resource}/{keys[resource]}/", user)
    assert answer.status_code == status
    listed = get(f"{resource}/", user)
    assert listed.status_code == 200
    found = answer.json() in [{**row, **only_in_detail(answer.json(), row)} for row in listed.json()["results"]]
    assert found == (status == 200)
    if status == 404:
        unknown = get(f"{resource}/{'99999999' if keys[resource].isdigit() else 'unheard-of'}/", user)
        assert (unknown.status_code, unknown.content) == (404, answer.content)


def only_in_detail(detail: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in detail.items() if name not in row}


@pytest.mark.parametrize(
    ("method", "path", "scopes", "status"),
    [
        ("get", "vendors/", ["vendors:read"], 200),
        ("head", "vendors/", ["vendors:read"], 200),
        ("options", "vendors/", ["vendors:read"], 200),
        ("get", "vendors/acme/", ["vendors:read"], 200),
        ("get", "vendors/rival/", ["vendors:read"], 404),
        ("get", "vendors/", ["vendors:write"], 403),
        ("get", "vendors/", ["contracts:read"], 403),
        ("get", "vendors/acme/", ["contracts:read"], 403),
        ("get", "service-levels/", ["service-levels:read"], 200),
        ("post", "vendors/", ["vendors:read"], 403),
        ("post", "vendors/", ["vendors:write"], 403),
        ("delete", "vendors/acme/", ["vendors:read"], 403),
        ("delete", "vendors/acme/", ["vendors:write"], 405),
        ("get", "schema/", ["vendors:read"], 200),
    ],
)
def test_tokens_do_what_their_scopes_name(
    cast: Cast, client: Client, method: str, path: str, scopes: list[str], status: int
) -> None:
    headers = bearer(cast.agency_member, *scopes)
    answer = getattr(client, method)(f"/api/v1/{path}", headers=headers)
    assert answer.status_code == status


def test_an_integration_sees_what_its_owner_sees(cast: Cast, client: Client) -> None:
    headers = bearer(cast.integration, "vendors:read", by=cast.cio)
    assert [row["code"] for row in client.get("/api/v1/vendors/", headers=headers).json()["results"]] == ["acme"]


def test_an_integration_has_no_session(cast: Cast, get: Get) -> None:
    assert get("vendors/", cast.integration).status_code == 401


@pytest.mark.parametrize("path", ["vendors/", "vendors/acme/", "scorecards/", "schema/"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}])
def test_strangers_are_asked_who_they_are(world: World, client: Client, path: str, headers: dict[str, str]) -> None:
    answer = client.get(f"/api/v1/{path}", headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"


def test_an_auditor_without_second_factor_stays_outside(cast: Cast, login: Callable[[User], Client]) -> None:
    Authenticator.objects.filter(user=cast.auditor).delete()
    assert login(cast.auditor).get("/api/v1/vendors/").status_code in {302, 403}


def test_an_agency_gets_its_own_lines_and_the_others_as_one_sum(cast: Cast, world: World, get: Get) -> None:
    parks_contract = make_contract("C-9", world.acme, world.parks)
    others = [make_service_level(f"C-9-{name}", parks_contract, dimension="outcomes") for name in ("a", "b")]
    lines = {world.service_level: 20, others[0]: 30, others[1]: 12}
    card = make_scorecard(world.acme, world.methodology, JANUARY, by=cast.cio, lines=lines)
    mine = get(f"scorecards/{card.pk}/", cast.agency_member)
    assert [line["service_level"] for line in mine.json()["lines"]] == ["C-1-uptime"]
    assert mine.json()["other_lines"] == {"count": 2, "contribution": "42.000000000"}
    assert {row["dimension"] for row in mine.json()["dimensions"]} == {"outcomes", "service_quality"}
    assert b"C-9" not in mine.content
    assert b"parks" not in mine.content
    for everything in (cast.cio, cast.vendor_member):
        whole = get(f"scorecards/{card.pk}/", everything).json()
        assert len(whole["lines"]) == 3
        assert whole["other_lines"] == {"count": 0, "contribution": "0.000000000"}


@pytest.mark.parametrize(
    ("status", "seen"),
    [
        (Scorecard.Status.DRAFT, {"cio", "manager", "auditor"}),
        (Scorecard.Status.IN_REVIEW, {"cio", "manager", "auditor", "vendor_member"}),
        (Scorecard.Status.PUBLISHED, {"cio", "manager", "auditor", "vendor_member", "agency_member"}),
    ],
)
def test_a_scorecard_shows_by_its_status(cast: Cast, world: World, get: Get, status: str, seen: set[str]) -> None:
    by = cast.cio if status == Scorecard.Status.PUBLISHED else None
    fields = {} if by else {"status": status}
    card = make_scorecard(world.acme, world.methodology, JANUARY, by=by, **fields)
    found = {role for role in ROLES if get(f"scorecards/{card.pk}/", cast.by_role()[role]).status_code == 200}
    assert found == seen


def test_money_and_contracts_show_only_where_they_may(cast: Cast, world: World, get: Get) -> None:
    Service.objects.filter(code="hosting").update(yearly_spending=1200)
    make_contract("C-7", world.acme, world.parks)
    Service.objects.create(code="secret", name="Parks only", provider=world.acme, contract=world.other_contract)
    spending = {role: get("services/hosting/", user).json().get("yearly_spending") for role, user in people(cast)}
    amount = {"amount": "1200.00", "currency": "USD"}
    assert spending == {
        "cio": amount,
        "manager": amount,
        "auditor": amount,
        "vendor_member": amount,
        "agency_member": None,
        "msi_member": None,
    }
    assert get("services/secret/", cast.agency_member).json()["contract"] is None
    assert get("services/secret/", cast.cio).json()["contract"] == {"number": "C-2", "title": "Agreement C-2"}
    assert get("services/hosting/", cast.agency_member).json()["contract"]["number"] == "C-1"
    assert get("service-levels/C-1-uptime/", cast.msi_member).json()["contract"] is None
    assert get("service-levels/C-1-uptime/", cast.vendor_member).json()["contract"]["number"] == "C-1"


def people(cast: Cast) -> list[tuple[str, User]]:
    return [(role, user) for role, user in cast.by_role().items() if role not in {"integration", "outsider"}]
