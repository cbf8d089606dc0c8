"""Scorecards and outcomes against the scoring method's own sentences, on chosen and on generated figures."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.methodologies.figures import OutcomeStatus, ServiceLevelInput, Target
from metrics.methodologies.scoring import (
    INSUFFICIENT_EVIDENCE,
    add_months,
    grade,
    outcome,
    outcome_status,
    scorecard,
    stored,
)
from tests.metrics.methodologies.figures import (
    METHODOLOGY,
    START,
    TARGET,
    WITHOUT_RELATIONSHIP,
    YEAR,
    full_year,
    level,
    level_lists,
    month_of,
    series,
)


class TestScorecard:
    def test_without_anything_there_is_no_scorecard(self) -> None:
        assert scorecard([], METHODOLOGY, START, 12) is None

    def test_a_level_in_force_outside_the_period_takes_no_part(self) -> None:
        ended = replace(level(full_year(80, TARGET)), first_month=date(2019, 1, 1))
        assert scorecard([replace(ended, last_month=date(2020, 6, 1))], METHODOLOGY, START, 12) is None
        later = replace(ended, first_month=date(2021, 7, 1))
        assert scorecard([later], METHODOLOGY, START, 12) is None

    def test_only_months_in_force_count(self) -> None:
        values = [month_of(100 if index in (3, 4) else 0, month) for index, month in enumerate(YEAR)]
        partly = replace(
            level(series(values, [TARGET])),
            first_month=add_months(START, 3),
            last_month=add_months(START, 4),
        )
        card = scorecard([partly], METHODOLOGY, START, 12)
        assert card is not None
        assert (card.score, card.lines[0].coverage, card.lines[0].value) == (
            Decimal(100),
            Decimal(1),
            Decimal(100),
        )

    def test_a_line_without_target_has_a_value_but_no_attainment(self) -> None:
        card = scorecard([level(full_year(80, TARGET))], METHODOLOGY, START, 12)
        bare = scorecard([level(replace(full_year(80, TARGET), targets=()))], METHODOLOGY, START, 12)
        assert card is not None
        assert bare is not None
        assert card.lines[0].attainment == 75
        line = bare.lines[0]
        assert (line.value, line.attainment, line.coverage, line.contribution) == (
            Decimal(80),
            None,
            Decimal(0),
            None,
        )
        assert (bare.score, bare.coverage, bare.grade) == (None, Decimal(0), INSUFFICIENT_EVIDENCE)

    def test_weights_multiply_weight_and_criticality(self) -> None:
        card = scorecard(
            [
                level(full_year(100, TARGET), "a", weight=2, criticality=3),
                level(full_year(0, TARGET), "b", weight=1, criticality=2),
            ],
            METHODOLOGY,
            START,
            12,
        )
        assert card is not None
        assert card.score == 75
        assert [(line.weight, line.criticality) for line in card.lines] == [(Decimal(2), 3), (Decimal(1), 2)]

    def test_dimensions_weigh_as_the_methodology_says_among_those_scored(self) -> None:
        card = scorecard(
            [
                level(full_year(100, TARGET), "a", "outcomes"),
                level(full_year(0, TARGET), "b", "cost"),
                level(series([], [TARGET]), "c", "schedule"),
            ],
            METHODOLOGY,
            START,
            12,
        )
        assert card is not None
        assert card.score == stored(Fraction(3500, 45))
        assert card.coverage == Decimal("0.45")
        assert card.grade == INSUFFICIENT_EVIDENCE
        scores = {each.dimension: (each.score, each.coverage) for each in card.dimensions}
        assert scores["schedule"] == (None, Decimal(0))
        assert scores["innovation"] == (None, Decimal(0))
        assert len(scores) == 7

    def test_a_dimension_of_weight_zero_is_shown_but_takes_no_part(self) -> None:
        idle = level(full_year(0, TARGET), "b", "relationship")
        card = scorecard([level(full_year(100, TARGET), "a"), idle], WITHOUT_RELATIONSHIP, START, 12)
        assert card is not None
        assert (card.score, card.coverage) == (Decimal(100), Decimal("0.5"))
        assert card.lines[1].attainment == 0
        assert card.lines[1].contribution is None
        alone = scorecard([idle], WITHOUT_RELATIONSHIP, START, 12)
        assert alone is not None
        assert (alone.score, alone.coverage, alone.grade) == (None, Decimal(0), INSUFFICIENT_EVIDENCE)

    @given(level_lists(), st.sampled_from([1, 3, 6, 12, 24]))
    def test_contributions_sum_to_the_score(self, levels: list[ServiceLevelInput], months: int) -> None:
        card = scorecard(levels, WITHOUT_RELATIONSHIP, START, months)
        if card is None:
            return
        contributions = [line.contribution for line in card.lines if line.contribution is not None]
        if card.score is None:
            assert contributions == []
            return
        # Every stored figure is rounded once, by half of its ninth decimal at most.
        assert abs(sum(contributions) - card.score) <= Decimal("0.5e-9") * (len(contributions) + 1)
        assert 0 <= card.score <= 100
        assert 0 <= card.coverage <= 1

    @given(level_lists(), st.randoms(), st.sampled_from([1, 3, 12]))
    def test_order_does_not_matter(self, levels: list[ServiceLevelInput], random: Random, months: int) -> None:
        shuffled = [
            replace(
                each,
                series=replace(each.series, targets=each.series.targets[::-1], values=each.series.values[::-1]),
            )
            for each in levels
        ]
        random.shuffle(shuffled)
        assert scorecard(levels, METHODOLOGY, START, months) == scorecard(shuffled, METHODOLOGY, START, months)

    @given(level_lists(), st.integers(min_value=1, max_value=1000))
    def test_scaling_every_weight_changes_no_score(self, levels: list[ServiceLevelInput], factor: int) -> None:
        card = scorecard(levels, METHODOLOGY, START, 12)
        scaled = scorecard([replace(each, weight=each.weight * factor) for each in levels], METHODOLOGY, START, 12)
        if card is None:
            assert scaled is None
            return
        assert scaled is not None
        assert (scaled.score, scaled.coverage, scaled.dimensions) == (
            card.score,
            card.coverage,
            card.dimensions,
        )


class TestGrade:
    @pytest.mark.parametrize(
        ("score", "expected"),
        [
            ("0", "Unsatisfactory"),
            ("49.999999999", "Unsatisfactory"),
            ("50", "Marginal"),
            ("69.999999999", "Marginal"),
            ("70", "Satisfactory"),
            ("84.999999999", "Satisfactory"),
            ("85", "Very Good"),
            ("94.999999999", "Very Good"),
            ("95", "Exceptional"),
            ("100", "Exceptional"),
        ],
    )
    def test_every_edge(self, score: str, expected: str) -> None:
        assert grade(Decimal(score), Decimal(1), METHODOLOGY) == expected

    @pytest.mark.parametrize(("coverage", "enough"), [("0.6", True), ("0.599999999", False)])
    def test_minimum_coverage(self, coverage: str, enough: bool) -> None:
        expected = "Very Good" if enough else INSUFFICIENT_EVIDENCE
        assert grade(Decimal(90), Decimal(coverage), METHODOLOGY) == expected

    def test_no_score_is_insufficient_evidence_not_a_bad_result(self) -> None:
        assert grade(None, Decimal(1), METHODOLOGY) == INSUFFICIENT_EVIDENCE

    def test_the_grade_is_decided_on_the_stored_score(self) -> None:
        # 69.9999999996 is stored as 70.000000000 and 69.9999999994 as 69.999999999.
        for value, expected in (("69.9999999996", "Satisfactory"), ("69.9999999994", "Marginal")):
            plain = Target(START, Decimal(100), Decimal(0))
            methodology = replace(METHODOLOGY, score_at_target=Decimal(100), minimum_coverage=Decimal(0))
            read = series([month_of(value, month) for month in YEAR], [plain])
            card = scorecard([level(read)], methodology, START, 12)
            assert card is not None
            assert card.grade == expected


class TestStored:
    @pytest.mark.parametrize(
        ("figure", "expected"),
        [
            ("0.0000000005", "0.000000000"),
            ("0.0000000015", "0.000000002"),
            ("0.0000000025", "0.000000002"),
            ("-0.0000000015", "-0.000000002"),
            ("12345678901234567890123456789012345678901234567890.1", None),
        ],
    )
    def test_half_goes_to_even(self, figure: str, expected: str | None) -> None:
        assert stored(Fraction(figure)) == Decimal(expected or figure)
        assert stored(Fraction(figure)).as_tuple().exponent == -9


class TestOutcome:
    def test_without_series_there_is_no_data(self) -> None:
        result = outcome([], YEAR, Decimal(75))
        assert (result.attainment, result.coverage, result.status) == (
            None,
            Decimal(0),
            OutcomeStatus.NO_DATA,
        )

    def test_series_weigh_as_given(self) -> None:
        result = outcome([(Decimal(3), full_year(100, TARGET)), (Decimal(1), full_year(60, TARGET))], YEAR, Decimal(75))
        assert (result.attainment, result.coverage, result.status) == (
            Decimal(75),
            Decimal(1),
            OutcomeStatus.ON_TRACK,
        )

    def test_a_silent_series_lowers_coverage_not_attainment(self) -> None:
        result = outcome([(Decimal(1), full_year(80, TARGET)), (Decimal(1), series([], [TARGET]))], YEAR, Decimal(75))
        assert (result.attainment, result.coverage, result.status) == (
            Decimal(75),
            Decimal("0.5"),
            OutcomeStatus.NO_DATA,
        )

    @pytest.mark.parametrize(
        ("attained", "coverage", "expected"),
        [
            ("75", "0.6", OutcomeStatus.ON_TRACK),
            ("74.999999999", "1", OutcomeStatus.AT_RISK),
            ("50", "1", OutcomeStatus.AT_RISK),
            ("49.999999999", "1", OutcomeStatus.OFF_TRACK),
            ("100", "0.599999999", OutcomeStatus.NO_DATA),
        ],
    )
    def test_every_edge_of_the_status(self, attained: str, coverage: str, expected: OutcomeStatus) -> None:
        assert outcome_status(Decimal(attained), Decimal(coverage), Decimal(75)) == expected
