"""The first page of every role: its own, with what that role may see, at a fixed cost."""

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kernel.access import Role
from kernel.accounts.models import User
from metrics.models import MonthlyValue
from tests.conftest import JANUARY, Cast, World, make_contract, make_service_level, make_vendor
from tests.vendors.scorecards.cards import make_scorecard

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]
ROLES = ["manager", "agency_member", "vendor_member", "msi_member", "auditor"]


def test_strangers_are_asked_to_log_in(client: Client, db: None) -> None:
    assert client.get("/").status_code == 302


def test_the_cios_office_starts_with_the_overview(cast: Cast, login: Login) -> None:
    assert login(cast.cio).get("/")["Location"] == reverse("dashboards:overview")


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        ("manager", ["Your vendors", "Acme Cloud", "Department of Health"], ["Rival Systems"]),
        ("agency_member", ["Who serves you", "Acme Cloud", "Hosting"], ["Rival Systems"]),
        ("vendor_member", ["Your scorecards", "Agreement C-1"], ["Rival Systems", "Agreement C-2"]),
        ("msi_member", ["Suppliers you integrate", "Acme Cloud"], ["Rival Systems", "Agreement C-1"]),
        ("auditor", ["Published last", "Acme Cloud", "Carol"], []),
    ],
)
def test_each_role_sees_its_own(
    role: str, shown: list[str], hidden: list[str], cast: Cast, world: World, login: Login
) -> None:
    make_scorecard(world.acme, world.methodology, datetime.date(2020, 7, 1), 12, by=cast.cio)
    page = login(getattr(cast, role)).get("/").content.decode()
    for text in shown:
        assert text in page
    for text in hidden:
        assert text not in page


def test_a_vendor_does_not_see_its_drafts(cast: Cast, world: World, login: Login) -> None:
    make_scorecard(world.acme, world.methodology, datetime.date(2020, 7, 1), 12)
    assert "No scorecard is published yet" in login(cast.vendor_member).get("/").content.decode()


def test_service_levels_are_overdue_by_their_cadence(cast: Cast, world: World, login: Login) -> None:
    targets: dict = {JANUARY: (None, 95, None)}
    fresh = make_service_level("C-1-fresh", world.contract, targets=targets)
    make_service_level("C-1-silent", world.contract, targets=targets)
    make_service_level("C-1-nothing-agreed", world.contract)
    MonthlyValue.objects.create(series=fresh.series, month=timezone.localdate().replace(day=1), n=1, total=1)
    overdue = login(cast.vendor_member).get("/").context["overdue"]
    assert [level.code for level in overdue] == ["C-1-silent", "C-1-uptime"]


@pytest.mark.parametrize("role", ROLES)
def test_it_costs_the_same_however_much_there_is(role: str, cast: Cast, world: World, login: Login) -> None:
    client = login(getattr(cast, role))
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for number in range(5):
        vendor = make_vendor(f"more-{number}", f"More {number}")
        contract = make_contract(f"M-{number}", vendor, world.health)
        make_contract(f"A-{number}", world.acme, world.health)
        make_service_level(f"M-{number}-uptime", contract)
        make_scorecard(world.acme, world.methodology, datetime.date(2020 - number, 1, 1), 3, by=cast.cio)
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    # With the first scorecard comes a query for its bands at most.
    assert len(many) <= len(few) + 1


def test_an_empty_portal_says_what_to_do_next(client: Client, db: None, login: Login) -> None:
    office = User.objects.create_user("first@example.gov", name="Fiona First", role=Role.CIO_OFFICE)
    login(office)
    assert "The way to the first ones" in client.get(reverse("dashboards:overview")).content.decode()
    for name in ("vendors:vendor_list", "vendors:contract_list", "agencies:agency_list", "metrics:outcome_list"):
        page = client.get(reverse(name)).content.decode()
        assert "Nothing here yet" in page
        assert "filters" not in page.split("<main")[1]
        assert "matches these filters" in client.get(reverse(name), {"search": "x"}).content.decode()
