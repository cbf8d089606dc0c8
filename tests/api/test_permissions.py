"""Who may call what: what lists hold, what tokens open, and what rows give away."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from kernel.accounts.models import User
from kernel.accounts.operations import issue_token
from kernel.jobs.models import Job
from kernel.saved_views.models import SavedView
from tests.api.keys import VIEWSET, key_field, key_of
from tests.conftest import JANUARY, Cast, World, make_contract, make_service_level
from tests.resources import BY_NAME, VISITORS, Rows
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Scorecard, Service

Get = Callable[..., Any]
ROLES = VISITORS[1:]
UNKNOWN = {int: 99_999_999, str: "unheard-of"}


def bearer(user: User, *scopes: str, by: User | None = None) -> dict[str, str]:
    """The headers of a token of `user`."""
    expires = timezone.now() + datetime.timedelta(days=1)
    _, secret = issue_token(user=user, name="test", scopes=scopes, expires_at=expires, by=by or user)
    return {"Authorization": f"Bearer {secret}"}


def test_every_resource_has_an_entry() -> None:
    assert set(BY_NAME) == set(VIEWSET)


@pytest.mark.parametrize("role", ROLES)
def test_lists_hold_what_their_rows_show(cast: Cast, rows: Rows, get: Get, role: str) -> None:
    """What is out of sight stands in no list and answers like what nobody has heard of."""
    user = cast.by_role()[role]
    wrong = {}
    for name, viewset in VIEWSET.items():
        listed = get(f"{name}/", user).json()["results"]
        for side in rows:
            key = key_of(viewset, side)
            answer = get(f"{name}/{key}/", user)
            found = [row for row in listed if row[key_field(viewset)] == key]
            if answer.status_code == 404:
                unknown = get(f"{name}/{UNKNOWN[type(key)]}/", user)
                is_right = not found and (unknown.status_code, unknown.content) == (404, answer.content)
            else:
                is_right = [{**answer.json(), **row} for row in found] == [answer.json()]
            if not is_right:
                wrong[name, side.name] = answer.status_code
    assert wrong == {}


def test_who_reads_what_was_asked_for_or_is_shared(cast: Cast, get: Get) -> None:
    job = Job.objects.create(kind="test", title="Asked for", requested_by=cast.agency_member)
    view = SavedView.objects.create(owner=cast.cio, page="vendors:vendor_list", name="Shared", is_shared=True)

    def readers(path: str) -> set[str]:
        return {role for role in ROLES if get(path, cast.by_role()[role]).status_code == 200}

    assert readers(f"jobs/{job.pk}/") == {"cio", "auditor", "agency_member"}
    assert readers(f"saved-views/{view.pk}/") == {"cio", "manager", "auditor"}


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
