"""When contracts must be cancelled and when they end once renewed: at month ends, in leap years, everywhere."""

import datetime
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from tests.conftest import LONG_AGO, Cast, World, make_contract
from vendors.contracts.terms import CancelBy, NoticeUnit, notice_day, renewed_end
from vendors.models import Contract

Login = Callable[..., Client]
DAYS, MONTHS = NoticeUnit.DAYS, NoticeUnit.MONTHS
END_DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
COUNTS = st.integers(0, 120)


def last_of(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


@pytest.mark.parametrize(
    ("ends_on", "period", "unit", "expected"),
    [
        ("2026-12-31", 3, MONTHS, "2026-09-30"),
        ("2026-05-31", 3, MONTHS, "2026-02-28"),
        ("2028-05-31", 3, MONTHS, "2028-02-29"),
        ("2026-03-31", 1, MONTHS, "2026-02-28"),
        ("2026-03-30", 1, MONTHS, "2026-02-28"),
        ("2028-03-30", 1, MONTHS, "2028-02-29"),
        ("2028-02-29", 12, MONTHS, "2027-02-28"),
        ("2028-02-29", 48, MONTHS, "2024-02-29"),
        ("2027-02-28", 12, MONTHS, "2026-02-28"),
        ("2026-01-15", 1, MONTHS, "2025-12-15"),
        ("2026-06-30", 0, MONTHS, "2026-06-30"),
        ("2028-03-30", 30, DAYS, "2028-02-29"),
        ("2027-03-30", 30, DAYS, "2027-02-28"),
        ("2026-01-01", 1, DAYS, "2025-12-31"),
        ("2026-12-31", 90, DAYS, "2026-10-02"),
        ("0001-02-10", 3, MONTHS, "0001-01-01"),
        ("0001-01-10", 90, DAYS, "0001-01-01"),
    ],
)
def test_notice_counts_back_from_the_end(ends_on: str, period: int, unit: str, expected: str) -> None:
    assert notice_day(date.fromisoformat(ends_on), period, unit) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("ends_on", "months", "expected"),
    [
        ("2026-12-31", 12, "2027-12-31"),
        ("2027-02-28", 12, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-28", 12, "2029-02-28"),
        ("2026-06-30", 1, "2026-07-31"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-01-30", 1, "2026-02-28"),
        ("2026-06-14", 6, "2026-12-14"),
        ("2026-08-31", 6, "2027-02-28"),
        ("9999-12-31", 12, "9999-12-31"),
        ("9999-06-30", 12, "9999-12-31"),
    ],
)
def test_a_renewal_lasts_whole_months_from_the_day_after(ends_on: str, months: int, expected: str) -> None:
    assert renewed_end(date.fromisoformat(ends_on), months) == date.fromisoformat(expected)


@given(END_DAYS, COUNTS)
@example(date(2028, 2, 29), 12)
@example(date(2026, 3, 31), 1)
def test_months_of_notice_are_whole_and_never_too_late(ends_on: date, months: int) -> None:
    day = notice_day(ends_on, months, MONTHS)
    assert months_between(day, ends_on) == months
    assert day.day == min(ends_on.day, last_of(day))
    # So many months on from there, by the same count, nobody is past the end.
    assert day.day <= ends_on.day


@given(END_DAYS, st.integers(0, 3650))
def test_days_of_notice_are_days(ends_on: date, days: int) -> None:
    assert notice_day(ends_on, days, DAYS) + timedelta(days=days) == ends_on


@given(END_DAYS, COUNTS, COUNTS)
def test_a_longer_notice_ends_no_later_and_an_earlier_end_neither(ends_on: date, months: int, more: int) -> None:
    assert notice_day(ends_on, months + more, MONTHS) <= notice_day(ends_on, months, MONTHS)
    assert notice_day(ends_on, months, MONTHS) <= notice_day(ends_on + timedelta(days=1), months, MONTHS)


@given(END_DAYS, st.integers(1, 120))
@example(date(2027, 2, 28), 12)
@example(date(2026, 1, 30), 1)
def test_a_renewed_contract_that_ends_with_a_month_goes_on_doing_so(ends_on: date, months: int) -> None:
    renewed, begins = renewed_end(ends_on, months), ends_on + timedelta(days=1)
    assert renewed > ends_on
    if ends_on.day == last_of(ends_on):
        assert (renewed.day, months_between(ends_on, renewed)) == (last_of(renewed), months)
    # The day after would be called like the first one, unless its month has no such day.
    assert (renewed + timedelta(days=1)).day in {begins.day, 1}


@given(END_DAYS, st.integers(1, 60), st.integers(1, 60))
def test_two_renewals_are_one_of_both_lengths_for_contracts_that_end_with_a_month(
    day: date, first: int, second: int
) -> None:
    ends_on = day.replace(day=last_of(day))
    assert renewed_end(renewed_end(ends_on, first), second) == renewed_end(ends_on, first + second)


@pytest.mark.django_db
def test_the_database_counts_as_the_rule_does(world: World) -> None:
    ends = [date(2027, 12, 31) + timedelta(days=count) for count in range(0, 800, 3)]
    ends += [date(year, month, last_of(date(year, month, 1))) for year in (2027, 2028) for month in range(1, 13)]
    periods = [(0, DAYS), (1, DAYS), (90, DAYS), (0, MONTHS), (1, MONTHS), (3, MONTHS), (12, MONTHS), (25, MONTHS)]
    facts = {"vendor": world.acme, "agency": world.health, "title": "T", "starts_on": LONG_AGO}
    Contract.objects.bulk_create(
        Contract(number=f"T-{number}", ends_on=ends_on, notice_period=period, notice_unit=unit, **facts)
        for number, (ends_on, (period, unit)) in enumerate(product(ends, periods))
    )
    rows = Contract.objects.filter(number__startswith="T-").annotate(by_sql=CancelBy())
    assert rows.count() == len(ends) * len(periods)
    assert [row.number for row in rows if row.by_sql != row.cancel_by] == []


@pytest.mark.django_db
@pytest.mark.parametrize("missing", [{"ends_on": None}, {"notice_period": None}])
def test_without_an_end_or_a_period_there_is_no_such_day(world: World, missing: dict[str, Any]) -> None:
    terms = {"ends_on": date(2028, 2, 29), "notice_period": 1, **missing}
    make_contract("NONE", world.acme, world.health, **terms)
    row = Contract.objects.annotate(by_sql=CancelBy()).get(number="NONE")
    assert (row.by_sql, row.cancel_by) == (None, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"renewals_left": 1}, "how many months a renewal lasts"),
        ({"renews_automatically": True, "notice_period": 1}, "how many months a renewal lasts"),
        ({"renews_automatically": True, "renewal_months": 12}, "how long before its end"),
        ({"renewal_months": 0}, "greater than or equal to 1"),
        ({"notice_period": 3651}, "less than or equal to 3650"),
    ],
)
def test_terms_that_do_not_fit_are_refused_in_words(world: World, terms: dict[str, Any], words: str) -> None:
    facts = {"number": "X", "title": "X", "vendor": world.acme, "agency": world.health, "starts_on": LONG_AGO}
    with pytest.raises(ValidationError, match=words):
        Contract(**facts, **terms).full_clean()


@pytest.mark.parametrize(
    ("terms", "can_renew", "goes_on"),
    [
        ({}, False, False),
        ({"renewal_months": 12}, True, False),
        ({"renewal_months": 12, "renewals_left": 0, "renews_automatically": True}, False, False),
        ({"renewal_months": 12, "renewals_left": 2, "renews_automatically": True}, True, True),
    ],
)
def test_what_is_left_to_renew(terms: dict[str, Any], can_renew: bool, goes_on: bool) -> None:
    contract = Contract(ends_on=date(2027, 2, 28), **terms)
    assert (contract.can_renew, contract.renews_unless_cancelled) == (can_renew, goes_on)
    assert contract.renewed_until == (date(2028, 2, 29) if can_renew else None)


@pytest.mark.django_db
def test_contracts_are_found_by_when_they_must_be_cancelled(cast: Cast, world: World, login: Login) -> None:
    today = timezone.localdate()
    for number, days, fields in (
        ("NEAR", 40, {}),
        ("FAR", 200, {}),
        ("LATE", 10, {}),
        ("OVER", 40, {"status": Contract.Status.TERMINATED}),
    ):
        ends_on = today + datetime.timedelta(days=days)
        make_contract(number, world.acme, world.health, ends_on=ends_on, notice_period=30, notice_unit=DAYS, **fields)
    client = login(cast.cio)
    table = client.get(reverse("vendors:contract_list"), {"cancel_within": "30"}).context["table"]
    assert [row.record.number for row in table.rows] == ["NEAR"]
    found = client.get("/api/v1/contracts/", {"cancel_within": "30"}).json()["results"]
    assert [(row["number"], row["cancel_by"]) for row in found] == [("NEAR", f"{today + timedelta(days=10)}")]
    ordered = client.get(reverse("vendors:contract_list"), {"sort": "cancel_by"}).context["table"]
    assert [row.record.number for row in ordered.rows][:3] == ["LATE", "NEAR", "OVER"]
