"""The calendar of contracts, and reminders of what comes near."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from kernel.accounts.models import User
from kernel.notices.models import Notice
from tests.conftest import Cast, World, make_agency, make_contract
from vendors.contracts.reminding import MOST_AT_ONCE, remind_of_deadlines
from vendors.models import Contract, Reminder

Login = Callable[..., Client]
Cost = Callable[[Client, str], int]
URL = "/calendar/"
MAY = date(2027, 5, 31)


@pytest.fixture
def dated(world: World) -> Contract:
    """Ours ends in May 2027, may be cancelled until February, and has two milestones, one of them met."""
    terms = {"ends_on": MAY, "notice_period": 3, "renewal_months": 12, "renews_automatically": True}
    Contract.objects.filter(pk=world.contract.pk).update(**terms)
    Contract.objects.filter(pk=world.other_contract.pk).update(ends_on=MAY)
    world.contract.milestones.create(reference="1", title="Half", due_on=date(2027, 4, 30))
    world.contract.milestones.create(reference="2", title="Done", due_on=date(2027, 4, 30), status="met")
    world.contract.refresh_from_db()
    return world.contract


def listed(client: Client, **query: str) -> list[tuple[str, str, str]]:
    """Day, kind and contract of all that the list shows."""
    months = client.get(URL, query).context["months"]
    return [(f"{each.day}", each.kind, each.contract.number) for _month, found in months for each in found]


OURS = [
    ("2027-02-28", "cancel-by", "C-1"),
    ("2027-04-30", "milestone", "C-1"),
    ("2027-05-31", "renews", "C-1"),
]
THEIRS = ("2027-05-31", "ends", "C-2")


def test_months_ahead_in_order_for_those_who_may_see(cast: Cast, dated: Contract, login: Login) -> None:
    everything = sorted([*OURS, THEIRS], key=lambda each: (each[0], each[1] == "renews"))
    assert listed(login(cast.cio), month="2027-01") == everything
    for user in (cast.agency_member, cast.vendor_member):
        assert listed(login(user), month="2027-01") == OURS
    assert listed(login(cast.outsider), month="2027-01") == []
    assert login(cast.msi_member).get(URL).status_code == 404


def test_it_begins_with_a_month_and_asks_whose(cast: Cast, dated: Contract, login: Login) -> None:
    client = login(cast.cio)
    assert listed(client, month="2027-05") == [THEIRS, OURS[-1]]
    assert listed(client, month="2027-01", vendor="rival") == [THEIRS]
    assert listed(client, month="2027-01", agency="health") == OURS
    page = client.get(URL, {"month": "2027-01"}).content.decode()
    assert "Unless it is cancelled by then, it renews to May 31, 2028." in page
    for nonsense in ("nonsense", "2027-13", "0001-01", "9999-12"):
        assert client.get(URL, {"month": nonsense}).status_code == 404


def test_contracts_that_are_not_active_ask_nothing(cast: Cast, dated: Contract, login: Login) -> None:
    Contract.objects.update(status=Contract.Status.TERMINATED)
    assert listed(login(cast.cio), month="2027-01") == []


def test_one_month_as_a_sheet(cast: Cast, dated: Contract, login: Login) -> None:
    page = login(cast.agency_member).get(URL, {"month": "2027-02", "view": "month"})
    weeks = page.context["weeks"]
    assert [cell.day for cell in weeks[0]][0] == date(2027, 1, 31)  # A Sunday.
    found = {cell.day: [each.kind for each in cell.deadlines] for week in weeks for cell in week if cell.deadlines}
    assert found == {date(2027, 2, 28): ["cancel-by"]}
    for number in range(5):
        make_contract(f"B-{number}", dated.vendor, dated.agency, ends_on=date(2027, 2, 28))
    cells = login(cast.cio).get(URL, {"month": "2027-02", "view": "month"}).context["weeks"][-1]
    assert [(cell.day.day, len(cell.shown), cell.more) for cell in cells if cell.deadlines] == [(28, 3, 3)]


@pytest.mark.parametrize("view", ["month", "list"])
def test_it_costs_the_same_however_much_there_is(
    cast: Cast, dated: Contract, login: Login, cost: Cost, view: str
) -> None:
    client, url = login(cast.cio), f"{URL}?month=2027-05&view={view}"
    before = cost(client, url)
    for number in range(12):
        contract = make_contract(f"B-{number}", dated.vendor, dated.agency, ends_on=MAY, notice_period=0)
        contract.milestones.create(reference="1", title="Half", due_on=MAY)
    assert cost(client, url) == before
    assert before <= 14


# --- reminders ---


def told(user: User) -> list[str]:
    return [notice.text for notice in Notice.objects.filter(person=user).order_by("pk")]


def test_managers_and_the_office_are_told_once_for_each_number_of_days(cast: Cast, dated: Contract) -> None:
    february = date(2027, 2, 28)
    assert remind_of_deadlines(february - timedelta(days=91)) == 0
    first = february - timedelta(days=90)
    assert [remind_of_deadlines(day) for day in (first, first, first + timedelta(days=40))] == [1, 0, 0]
    words = (
        "“Agreement C-1” (C-1) can be cancelled until Feb. 28, 2027, in 90 days. "
        "Unless it is cancelled by then, it renews to May 31, 2028."
    )
    assert told(cast.cio) == told(cast.manager) == [words]
    assert Notice.objects.get(person=cast.cio).url == dated.get_absolute_url()
    assert [told(user) for user in (cast.agency_member, cast.vendor_member, cast.auditor)] == [[], [], []]
    assert [remind_of_deadlines(february - timedelta(days=days)) for days in (30, 7, 0)] == [1, 1, 0]
    # In March both contracts' ends come within 90 days; the manager has only ours.
    assert remind_of_deadlines(date(2027, 3, 2)) == 2
    assert told(cast.manager)[-1].startswith("“Agreement C-1” (C-1) renews by itself on May 31, 2027, in 90 days.")
    assert (len(told(cast.manager)), len(told(cast.cio))) == (4, 5)


def test_a_missed_day_is_made_up_for_and_a_moved_end_told_anew(cast: Cast, world: World) -> None:
    today = timezone.localdate()
    contract = make_contract("SOON", world.acme, world.health, ends_on=today + timedelta(days=20))
    assert remind_of_deadlines() == 1
    assert Reminder.objects.get().days_ahead == 30
    Contract.objects.filter(pk=contract.pk).update(ends_on=today + timedelta(days=25))
    assert [remind_of_deadlines(), remind_of_deadlines()] == [1, 0]


def test_people_without_a_say_are_not_told(cast: Cast, world: World) -> None:
    make_contract("SOON", world.acme, world.health, ends_on=timezone.localdate())
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    assert remind_of_deadlines() == 1
    assert told(cast.manager) == []
    assert told(cast.cio) == [f"“Agreement SOON” (SOON) ends on {date_format(timezone.localdate())}, today."]


def test_a_manager_of_the_agency_above_is_told(cast: Cast, world: World) -> None:
    bureau = make_agency("bureau", "Bureau", parent=world.health)
    make_contract("SOON", world.rival, bureau, ends_on=timezone.localdate())
    remind_of_deadlines()
    assert len(told(cast.manager)) == 1


def test_many_at_once_are_one_notice(cast: Cast, world: World) -> None:
    for number in range(MOST_AT_ONCE + 1):
        make_contract(f"S-{number}", world.rival, world.parks, ends_on=timezone.localdate())
    assert remind_of_deadlines() == MOST_AT_ONCE + 1
    assert told(cast.cio) == ["11 contracts end, renew or can be cancelled for the last time soon."]
    assert Notice.objects.get(person=cast.cio).url == URL


def test_nobody_is_reminded_where_the_state_wants_none(cast: Cast, world: World, settings: Any) -> None:
    settings.CONTRACT_REMINDER_DAYS = []
    make_contract("SOON", world.acme, world.health, ends_on=timezone.localdate())
    assert remind_of_deadlines() == 0
