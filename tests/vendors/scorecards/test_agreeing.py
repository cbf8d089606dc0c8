"""Production's SQL against the arithmetic, on random data, in every stored figure."""

import datetime
import random
from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal

import pytest

from metrics.measurements.folding import fold_due
from metrics.methodologies import figures, scoring
from metrics.models import Methodology, MonthlyValue, Outcome, OutcomeReading, OutcomeSeries, Series
from metrics.outcomes.reading import last_closed_month, refresh_outcome_readings
from tests import random_state
from tests.conftest import Cast, make_methodology
from vendors.models import Scorecard, ScorecardLine, Vendor
from vendors.scorecards.computing import compute_scorecards

pytestmark = pytest.mark.django_db
TOLERANCE = Decimal("1e-9")
PERIODS = [
    (datetime.date(2020, 1, 1), 12),
    (datetime.date(2019, 12, 1), 1),
    (datetime.date(2020, 2, 1), 3),
    (datetime.date(2020, 7, 1), 6),
    (datetime.date(2019, 7, 1), 30),
]


def assert_agree(stored: Decimal | None, exact: Decimal | None, where: object) -> None:
    assert (stored is None) == (exact is None), (where, stored, exact)
    if stored is not None and exact is not None:
        assert abs(stored - exact) <= TOLERANCE, (where, stored, exact)


def assert_segments_agree(stored: list[dict], exact: Iterable[figures.SegmentResult], where: object) -> None:
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    for one, other in zip(stored, exact, strict=True):
        target = figures.Target(
            datetime.date.fromisoformat(f"{one['from']}-01"),
            Decimal(one["target"]),
            number(one["floor"]),
            number(one["stretch"]),
        )
        assert (target, one["months"]) == (other.target, other.months), where
        assert_agree(number(one["value"]), other.value, where)
        assert_agree(number(one["attainment"]), other.attainment, where)


def assert_line_agrees(line: ScorecardLine, exact: figures.LineResult) -> None:
    where = (exact.code, line.scorecard_id)
    for name in ("dimension", "weight", "criticality", "months_with_data", "months_expected", "latest_month"):
        assert getattr(line, name) == getattr(exact, name), (where, name)
    for name in ("value", "attainment", "coverage", "contribution"):
        assert_agree(getattr(line, name), getattr(exact, name), (where, name))
    assert_segments_agree(line.segments, exact.segments, where)


def assert_scorecard_agrees(card: Scorecard, exact: figures.ScorecardResult) -> None:
    assert_agree(card.score, exact.score, card)
    assert_agree(card.coverage, exact.coverage, card)
    assert (card.grade.name if card.grade else scoring.INSUFFICIENT_EVIDENCE) == exact.grade
    dimensions = {each.dimension: each for each in card.dimensions.all()}
    assert dimensions.keys() == {each.dimension for each in exact.dimensions}
    for expected in exact.dimensions:
        found = dimensions[expected.dimension]
        assert found.weight == expected.weight
        assert_agree(found.score, expected.score, (card, expected.dimension))
        assert_agree(found.coverage, expected.coverage, (card, expected.dimension))
    lines = {line.service_level.series.code: line for line in card.lines.select_related("service_level__series")}
    assert lines.keys() == {each.code for each in exact.lines}
    for each in exact.lines:
        assert_line_agrees(lines[each.code], each)


def methodologies() -> list[Methodology]:
    no_relationship = make_methodology(
        "no-relationship",
        is_default=False,
        relationship_weight=0,
        outcomes_weight=Decimal("50.00"),
        score_at_target=Decimal("66.6"),
        minimum_coverage=Decimal("0.35"),
    )
    return [Methodology.objects.get(code="default-1"), no_relationship]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sql_and_arithmetic_agree(cast: Cast, seed: int) -> None:
    rng = random.Random(seed)
    random_state.fill(rng, cast.cio)
    fold_due()
    for series_id, series in random_state.series_inputs().items():
        folded = MonthlyValue.objects.filter(series=series_id).order_by("month")
        names = list(asdict(series.values[0])) if series.values else ["month"]
        assert list(folded.values_list(*names)) == [tuple(asdict(each).values()) for each in series.values]
    levels = random_state.service_level_inputs()
    seen = 0
    for methodology in methodologies():
        for period_start, months in PERIODS:
            compute_scorecards(
                period_start=period_start, months=months, methodology=methodology, vendors=Vendor.objects.all()
            )
            random_state.analyze()
            cards = {
                card.vendor_id: card
                for card in Scorecard.objects.of_period(period_start, months).filter(methodology=methodology)
            }
            figures_of = random_state.methodology_input(methodology)
            for vendor in Vendor.objects.all():
                exact = scoring.scorecard(levels.get(vendor.pk, []), figures_of, period_start, months)
                assert (exact is None) == (vendor.pk not in cards), vendor
                if exact is not None:
                    assert_scorecard_agrees(cards[vendor.pk], exact)
                    seen += 1
    assert seen > 100


def test_outcome_readings_agree(cast: Cast) -> None:
    rng = random.Random(4)
    vendors = random_state.fill(rng, cast.cio, vendors=10)
    series = list(Series.objects.all())
    for n in range(12):
        outcome = Outcome.objects.create(code=f"O-{n}", name="Outcome", organization=vendors[0].organization)
        for each in rng.sample(series, rng.randint(0, 4)):
            OutcomeSeries.objects.create(outcome=outcome, series=each, weight=Decimal(rng.randint(1, 3000)).scaleb(-3))
    fold_due()
    assert refresh_outcome_readings() > 0
    inputs = random_state.series_inputs()
    measures = {
        outcome.pk: [(measure.weight, inputs[measure.series_id]) for measure in outcome.measures.all()]
        for outcome in Outcome.objects.all()
    }
    readings = OutcomeReading.objects.all()
    assert set(readings.values_list("month", flat=True)) >= {random_state.FIRST, last_closed_month()}
    assert len({readings.filter(outcome=outcome).count() for outcome in measures}) == 1
    statuses = set()
    for reading in readings:
        window = scoring.month_range(scoring.add_months(reading.month, -11), 12)
        exact = scoring.outcome(measures[reading.outcome_id], window, Decimal(75))
        assert_agree(reading.attainment, exact.attainment, reading)
        assert_agree(reading.coverage, exact.coverage, reading)
        assert reading.status == exact.status
        statuses.add(reading.status)
    assert len(statuses) == 4
