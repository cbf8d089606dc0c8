"""In force on a day: the first day and the last one count, and Python says of a row what SQL says of all."""

import datetime

import pytest
from django.utils import timezone

from kernel.directory.models import Membership
from kernel.in_force import in_force, is_in_force
from tests.conftest import Cast, World
from vendors.models import Contract, ServiceLevel, Vendor
from vendors.querysets.contracts import contract_in_force

FIRST, LAST = datetime.date(2024, 2, 10), datetime.date(2024, 2, 29)
DAY = datetime.timedelta(days=1)
CASES = [
    (FIRST - DAY, LAST, False),
    (FIRST, LAST, True),
    (LAST, LAST, True),
    (LAST + DAY, LAST, False),
    (FIRST - DAY, None, False),
    (FIRST, None, True),
    (datetime.date(2999, 1, 1), None, True),
    (FIRST, FIRST, True),
    (FIRST + DAY, FIRST, False),
]


@pytest.fixture
def membership(world: World, cast: Cast) -> Membership:
    return Membership.objects.create(user=cast.cio, organization=world.parks, starts_on=FIRST, ends_on=LAST)


@pytest.mark.parametrize(("day", "last", "expected"), CASES)
def test_edges(membership: Membership, day: datetime.date, last: datetime.date | None, expected: bool) -> None:
    Membership.objects.filter(pk=membership.pk).update(ends_on=last)
    mine = Membership.objects.filter(pk=membership.pk)
    assert mine.in_force(day).exists() == expected
    assert mine.filter(in_force(day, first="starts_on", last="ends_on")).exists() == expected
    assert is_in_force(FIRST, last, day) == expected


def test_without_a_day_it_is_today(membership: Membership) -> None:
    mine, today = Membership.objects.filter(pk=membership.pk), timezone.localdate()
    for first, last, expected in (
        (today, today, True),
        (today - DAY, today - DAY, False),
        (today + DAY, None, False),
        (today, None, True),
    ):
        mine.update(starts_on=first, ends_on=last)
        assert mine.in_force().exists() == expected
        assert mine.with_in_force().get().holds == expected
        assert is_in_force(first, last) == expected


def test_what_lasts_beyond_a_day_may_begin_later(membership: Membership) -> None:
    mine = Membership.objects.filter(pk=membership.pk)
    assert mine.lasting_beyond(LAST - DAY).exists()
    assert not mine.lasting_beyond(LAST).exists()
    assert mine.lasting_beyond(FIRST - DAY).exists()


def test_rows_at_the_end_of_a_relation(world: World) -> None:
    """Without any integration there is none in force, though its last day is absent too."""
    integrated = Vendor.objects.filter(in_force(at="integrations"))
    assert set(integrated) == {world.acme}
    world.acme.integrations.update(ends_on=timezone.localdate() - DAY)
    assert not integrated.all().exists()


LEVEL_FIRST, LEVEL_LAST = datetime.date(2024, 2, 1), datetime.date(2024, 3, 1)
MONTHS = [
    (datetime.date(2024, 1, 31), LEVEL_LAST, False),
    (datetime.date(2024, 2, 1), LEVEL_LAST, True),
    (datetime.date(2024, 3, 31), LEVEL_LAST, True),
    (datetime.date(2024, 4, 1), LEVEL_LAST, False),
    (datetime.date(2999, 1, 1), None, True),
]


@pytest.mark.parametrize(("day", "last", "expected"), MONTHS)
def test_all_of_the_last_month_counts(
    world: World, day: datetime.date, last: datetime.date | None, expected: bool
) -> None:
    levels = ServiceLevel.objects.filter(pk=world.service_level.pk)
    levels.update(first_month=LEVEL_FIRST, last_month=last)
    assert levels.in_force(day).exists() == expected


def test_a_contract_is_also_signed_and_not_terminated(world: World) -> None:
    held = Vendor.objects.filter(contract_in_force(at="contracts"))
    assert set(held) == {world.acme, world.rival}
    Contract.objects.filter(pk=world.contract.pk).update(status=Contract.Status.TERMINATED)
    assert set(held.all()) == {world.rival}
    assert set(Contract.objects.in_force()) == {world.other_contract}
    assert set(Contract.objects.with_in_force().filter(holds=True)) == {world.other_contract}
    assert not Contract.objects.get(pk=world.contract.pk).is_in_force()
