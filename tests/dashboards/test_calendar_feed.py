"""The iCalendar feed behind a secret address: what it says, to whom, and when it ends."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from kernel.accounts.models import CalendarAddress, User
from kernel.accounts.operations import change_role, deactivate_user, reactivate_user
from tests.conftest import Cast, World, make_contract
from vendors.models import Contract

Login = Callable[..., Client]
PAGE = "/calendar/address/"


@pytest.fixture
def soon(world: World) -> date:
    """Both contracts end in a while, and may be cancelled until a month before."""
    day = timezone.localdate() + timedelta(days=100)
    Contract.objects.update(ends_on=day, notice_period=30, notice_unit="days")
    return day


def address_of(client: Client) -> str:
    """Make an address and return its path."""
    page = client.post(PAGE)
    assert page["Cache-Control"] == "no-store"
    url: str = page.context["url"]
    assert url in page.content.decode()
    return url.removeprefix("http://testserver")


def events(path: str) -> dict[str, Any]:
    response = Client().get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(event["summary"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def test_a_calendar_reads_what_its_owner_may_see(cast: Cast, soon: date, login: Login, settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.example.gov"
    found = events(address_of(login(cast.agency_member)))
    assert set(found) == {"Last day to cancel: Agreement C-1", "Ends: Agreement C-1"}
    event = found["Last day to cancel: Agreement C-1"]
    assert event["dtstart"].dt == soon - timedelta(days=30)
    contract = Contract.objects.get(number="C-1")
    assert str(event["uid"]) == f"cancel-by-{contract.pk}@portal.example.gov"
    assert str(event["url"]) == f"https://portal.example.gov{contract.get_absolute_url()}"
    assert "C-1: Acme Cloud for Department of Health" in str(event["description"])
    assert len(events(address_of(login(cast.cio)))) == 4


def test_words_that_calendars_take_for_their_own_are_escaped(cast: Cast, soon: date, login: Login) -> None:
    Contract.objects.filter(number="C-1").update(title="Roads; bridges, tunnels\nand \\ more " + "é" * 100)
    names = set(events(address_of(login(cast.vendor_member))))
    assert "Ends: Roads; bridges, tunnels\nand \\ more " + "é" * 100 in names
    lines = Client().get(address_of(login(cast.vendor_member))).content.split(b"\r\n")
    assert max(map(len, lines)) <= 75


def test_it_is_kept_as_a_hash_and_one_a_person(cast: Cast, soon: date, login: Login) -> None:
    client = login(cast.manager)
    first, second = address_of(client), address_of(client)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    secret = second.removeprefix("/calendar/").removesuffix(".ics")
    assert secret not in client.get(PAGE).content.decode()
    row = CalendarAddress.objects.usable().get()
    assert secret not in {row.prefix, row.digest}
    assert row.last_used_at is not None


def test_it_is_revoked(cast: Cast, soon: date, login: Login) -> None:
    client = login(cast.agency_member)
    path = address_of(client)
    row = CalendarAddress.objects.get()
    url = reverse("dashboards:calendar_address_revoke", args=[row.pk])
    assert login(cast.cio).post(url).status_code == 404
    assert Client().get(path).status_code == 200
    assert login(cast.agency_member).post(url).status_code == 302
    assert Client().get(path).status_code == 404


def test_it_ends_with_the_account_and_with_the_role(cast: Cast, soon: date, login: Login) -> None:
    closed, changed = address_of(login(cast.agency_member)), address_of(login(cast.manager))
    deactivate_user(user=cast.agency_member, by=cast.cio)
    change_role(user=cast.manager, role=User.Role.CIO_OFFICE, by=cast.cio)
    reactivate_user(user=cast.agency_member, by=cast.cio)
    assert [Client().get(path).status_code for path in (closed, changed)] == [404, 404]


def test_an_auditor_reads_it_with_a_second_factor_only(cast: Cast, soon: date, login: Login) -> None:
    path = address_of(login(cast.auditor))
    assert Client().get(path).status_code == 200
    Authenticator.objects.filter(user=cast.auditor).delete()
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("secret", ["nonsense", "brm_", "é", "%00", "a" * 3000])
def test_what_is_no_address_answers_like_one_that_ended(db: None, secret: str) -> None:
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404


def test_it_is_only_read(cast: Cast, soon: date, login: Login) -> None:
    path = address_of(login(cast.cio))
    assert Client().post(path).status_code == 405
    assert Client().head(path).status_code == 200


def test_it_costs_the_same_however_much_there_is(cast: Cast, world: World, soon: date, login: Login) -> None:
    path = address_of(login(cast.cio))

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(path).status_code == 200
        return len(captured)

    cost()
    before = cost()
    for number in range(9):
        contract = make_contract(f"B-{number}", world.acme, world.health, ends_on=soon, notice_period=0)
        contract.milestones.create(reference="1", title="Half", due_on=soon)
    assert cost() == before <= 4
