"""What lists and pages read from stored scorecards: periods, trends, medians."""

import datetime
from decimal import Decimal

import pytest

from tests.conftest import Cast, World, make_methodology, make_vendor
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Contract, Scorecard, Vendor
from vendors.scorecards.periods import Editions, Period

Q1, Q2, Q3, Q4 = (datetime.date(2020, month, 1) for month in (1, 4, 7, 10))


def test_the_default_is_the_twelve_months_ending_with_the_latest_quarter(world: World, cast: Cast) -> None:
    for start, months in ((Q3, 3), (Q4, 3), (Q1, 12), (datetime.date(2021, 1, 1), 1)):
        make_scorecard(world.acme, world.methodology, start, months, by=cast.cio)
    editions = Editions(Scorecard.objects.current().editions())
    assert editions.default.period == Period(Q1, 12)
    assert editions.default_code == "2020-01--2020-12"


def test_without_such_twelve_months_the_latest_published_is_shown(world: World, cast: Cast) -> None:
    for start in (Q2, Q3):
        make_scorecard(world.acme, world.methodology, start, by=cast.cio)
    assert Editions(Scorecard.objects.current().editions()).default.period == Period(Q3, 3)
    assert Editions([]).default is None


def test_two_methodologies_of_one_period_are_told_apart(world: World, cast: Cast) -> None:
    other = make_methodology("other-1", is_default=False)
    for methodology in (other, world.methodology):
        make_scorecard(world.acme, methodology, Q3, by=cast.cio)
    found = Scorecard.objects.current().editions()
    editions = Editions(found)
    assert editions.default.methodology_id == world.methodology.pk
    assert list(editions.by_code) == ["2020-07--2020-09", f"2020-07--2020-09--{other.pk}"]
    assert Editions(found, f"2020-07--2020-09--{other.pk}").selected.methodology_id == other.pk
    assert Editions(found, "nonsense").selected.methodology_id == world.methodology.pk


def test_the_trend_is_the_change_since_the_period_before(world: World, cast: Cast) -> None:
    make_scorecard(world.acme, world.methodology, Q2, score=60, by=cast.cio)
    card = make_scorecard(world.acme, world.methodology, Q3, score="72.5", by=cast.cio)
    other_length = make_scorecard(world.acme, world.methodology, Q3, 12, score=75, by=cast.cio)
    trends = dict(Scorecard.objects.with_trend().values_list("pk", "trend"))
    assert trends[card.pk] == Decimal("12.5")
    assert trends[other_length.pk] is None


@pytest.mark.parametrize(("before", "now"), [("0.2", "0.9"), ("0.9", "0.2")])
def test_too_little_evidence_on_either_side_gives_no_trend(world: World, cast: Cast, before: str, now: str) -> None:
    make_scorecard(world.acme, world.methodology, Q2, coverage=before, by=cast.cio)
    card = make_scorecard(world.acme, world.methodology, Q3, coverage=now, by=cast.cio)
    assert Scorecard.objects.with_trend().get(pk=card.pk).trend is None
    edition = Editions(Scorecard.objects.current().editions()).default
    assert Vendor.objects.with_scorecard(edition).get(pk=world.acme.pk).trend is None


def test_vendors_come_once_with_their_scorecard_and_contracts(world: World, cast: Cast) -> None:
    make_scorecard(world.acme, world.methodology, Q2, score=60, by=cast.cio)
    card = make_scorecard(world.acme, world.methodology, Q3, score=72, by=cast.cio)
    edition = Editions(Scorecard.objects.current().editions()).default
    vendors = Vendor.objects.with_scorecard(edition)
    vendors = vendors.with_contracts(Contract.objects.in_force())
    acme, rival = vendors.get(pk=world.acme.pk), vendors.get(pk=world.rival.pk)
    assert (acme.scorecard, acme.score, acme.grade, acme.trend) == (card.pk, 72, "Satisfactory", 12)
    assert (acme.contracts_held, acme.value) == (1, 1_000_000)
    assert (rival.scorecard, rival.trend) == (None, None)


def test_a_median_needs_five_vendors(world: World, cast: Cast) -> None:
    for score in (50, 60, 70, 80):
        make_scorecard(make_vendor(f"v{score}", f"V{score}"), world.methodology, Q3, score=score, by=cast.cio)
    cards = Scorecard.objects.current().peers_of("operational")
    assert cards.median() == (None, 4)
    assert cards.medians() == {}
    make_scorecard(world.acme, world.methodology, Q3, score=90, by=cast.cio)
    assert cards.median() == (70, 5)
    assert cards.medians() == {Q3: 70}
