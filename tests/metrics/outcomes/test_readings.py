"""Outcome readings: which are read, and what makes them due again."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from metrics.measurements.folding import fold_due
from metrics.methodologies.scoring import add_months, month_range
from metrics.models import Measurement, Methodology, Outcome, OutcomeDue, OutcomeReading, OutcomeSeries, Target
from metrics.outcomes.reading import last_closed_month, refresh_outcome_readings
from tests.conftest import World, make_methodology

pytestmark = pytest.mark.django_db


@pytest.fixture
def outcome(world: World) -> Outcome:
    """Measured by the uptime that Acme promised; on target in each of the last 24 closed months."""
    outcome = Outcome.objects.create(code="calm", name="Calm citizens", organization=world.health)
    OutcomeSeries.objects.create(outcome=outcome, series=world.service_level.series)
    measure(world, month_range(add_months(last_closed_month(), -23), 24), 95)
    refresh_outcome_readings()
    return outcome


def measure(world: World, months: tuple[datetime.date, ...], value: int) -> None:
    Measurement.objects.bulk_create(
        Measurement(series=world.service_level.series, observed_on=month, reference=f"{value}", value=value)
        for month in months
    )
    fold_due()


def reading(outcome: Outcome, months_ago: int = 0) -> OutcomeReading:
    return OutcomeReading.objects.get(outcome=outcome, month=add_months(last_closed_month(), -months_ago))


def test_every_closed_month_since_the_first_with_data_is_read(outcome: Outcome) -> None:
    assert OutcomeReading.objects.count() == 24
    assert (reading(outcome).attainment, reading(outcome).coverage, reading(outcome).status) == (75, 1, "on_track")
    assert (reading(outcome, 20).coverage, reading(outcome, 20).status) == (Decimal("0.333333333"), "no_data")


def test_reading_again_changes_nothing(outcome: Outcome) -> None:
    assert refresh_outcome_readings() == 0
    assert not OutcomeDue.objects.exists()


def test_a_changed_month_counts_in_the_twelve_readings_that_contain_it(outcome: Outcome, world: World) -> None:
    measure(world, (add_months(last_closed_month(), -14),), 80)
    assert refresh_outcome_readings() == 12
    assert reading(outcome, 2).attainment == 75
    assert reading(outcome, 3).attainment == Decimal("57.692307692")  # A mean of (12 × 95 + 80) ÷ 13.


def test_a_target_counts_from_its_month_on(outcome: Outcome, world: World) -> None:
    month = add_months(last_closed_month(), -1)
    series = world.service_level.series
    Target.objects.create(series=series, direction="higher", effective_from=month, target=99, floor=90)
    assert refresh_outcome_readings() == 2


def test_weights_and_measures_make_due(outcome: Outcome, world: World) -> None:
    measures = OutcomeSeries.objects.create(outcome=outcome, series=world.other_service_level.series, weight=3)
    assert refresh_outcome_readings() == 24
    assert (reading(outcome).coverage, reading(outcome).status) == (Decimal("0.25"), "no_data")
    measures.delete()
    assert refresh_outcome_readings() == 24
    assert reading(outcome).status == "on_track"


def test_another_default_methodology_judges_otherwise(outcome: Outcome) -> None:
    make_methodology("stricter", score_at_target=Decimal(60))
    assert refresh_outcome_readings() == 24
    assert reading(outcome).attainment == 60


def test_without_a_default_methodology_nothing_is_judged_and_marks_stay(outcome: Outcome, world: World) -> None:
    Methodology.objects.update(is_default=False)
    measure(world, (last_closed_month(),), 80)
    assert refresh_outcome_readings() == 0
    assert OutcomeDue.objects.exists()


def test_an_outcome_without_measures_has_no_data(outcome: Outcome, world: World) -> None:
    bare = Outcome.objects.create(code="bare", name="Nothing measures it", organization=world.health)
    assert refresh_outcome_readings() == 24
    assert (reading(bare).attainment, reading(bare).coverage, reading(bare).status) == (None, 0, "no_data")


def test_statements_do_not_grow(outcome: Outcome, world: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(14):
        refresh_outcome_readings()
    Outcome.objects.bulk_create(Outcome(code=f"o-{n}", name="Another", organization=world.health) for n in range(20))
    with django_assert_num_queries(14):
        refresh_outcome_readings()
