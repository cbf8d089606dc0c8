"""One series against the scoring method's own sentences, on chosen and on generated figures."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.methodologies.figures import Aggregation, Cadence, Direction, Measurement, MonthlyValue, Target
from metrics.methodologies.scoring import (
    add_months,
    attainment,
    fold,
    read_series,
    scorecard,
    segments,
    series_coverage,
    series_value,
    takes_part,
)
from tests.metrics.methodologies.figures import (
    METHODOLOGY,
    START,
    TARGET,
    YEAR,
    figures,
    level,
    month_of,
    scales,
    scores_at_target,
    series,
    targets_of,
)


class TestFold:
    def test_an_empty_series_has_no_month(self) -> None:
        assert fold([]) == ()

    def test_a_month_whose_measurements_are_all_excluded_has_no_row(self) -> None:
        assert fold([Measurement(START, Decimal(5), excluded=True)]) == ()

    def test_every_column_of_a_month(self) -> None:
        folded = fold(
            [
                Measurement(date(2020, 7, 31), Decimal("0.1"), reference="b"),
                Measurement(date(2020, 7, 31), Decimal("0.3"), reference="a"),
                Measurement(date(2020, 7, 1), Decimal("0.2")),
                Measurement(date(2020, 8, 1), Decimal(9)),
            ]
        )
        assert folded[0] == MonthlyValue(START, 3, Decimal("0.6"), Decimal("0.1"), Decimal("0.3"), Decimal("0.1"))
        assert folded[1].month == date(2020, 8, 1)

    def test_the_last_of_equal_dates_has_the_greatest_reference_by_code_point(self) -> None:
        same_day = [
            Measurement(START, Decimal(1), reference="a"),
            Measurement(START, Decimal(2), reference="Z"),
            Measurement(START, Decimal(3), reference=""),
            Measurement(START, Decimal(4), reference="10"),
        ]
        assert fold(same_day)[0].last == 1

    def test_numerators_and_denominators_are_summed(self) -> None:
        folded = fold(
            [
                Measurement(START, numerator=Decimal(1), denominator=Decimal(3), reference="1"),
                Measurement(START, numerator=Decimal(2), denominator=Decimal(4), reference="2"),
            ]
        )
        assert (folded[0].n, folded[0].numerator, folded[0].denominator) == (2, Decimal(3), Decimal(7))
        assert folded[0].total is None

    @given(st.lists(figures, min_size=1, max_size=20), st.randoms())
    def test_order_does_not_matter(self, values: list[Decimal], random: Random) -> None:
        measurements = [
            Measurement(START + timedelta(days=index % 40), value, reference=str(index))
            for index, value in enumerate(values)
        ]
        shuffled = list(measurements)
        random.shuffle(shuffled)
        assert fold(measurements) == fold(shuffled)

    @given(st.lists(figures, min_size=1, max_size=20))
    def test_a_run_of_months_reads_as_its_measurements(self, values: list[Decimal]) -> None:
        folded = fold(Measurement(START + timedelta(days=10 * index), value) for index, value in enumerate(values))
        exact = [Fraction(value) for value in values]
        expected = {
            Aggregation.MEAN: sum(exact) / len(exact),
            Aggregation.SUM: sum(exact),
            Aggregation.MIN: min(exact),
            Aggregation.MAX: max(exact),
            Aggregation.LAST: exact[-1],
        }
        for aggregation, value in expected.items():
            assert series_value(series(aggregation=aggregation), folded) == value


class TestValue:
    def test_no_month_no_value(self) -> None:
        for aggregation in Aggregation:
            assert series_value(series(aggregation=aggregation), []) is None

    def test_a_ratio_is_a_percentage_only_where_the_unit_is_percent(self) -> None:
        months = [MonthlyValue(START, 1, numerator=Decimal(1), denominator=Decimal(3))]
        ratio = series(aggregation=Aggregation.RATIO)
        assert series_value(ratio, months) == Fraction(1, 3)
        assert series_value(replace(ratio, unit="%"), months) == Fraction(100, 3)

    def test_a_ratio_over_nothing_has_no_value(self) -> None:
        months = [MonthlyValue(START, 1, numerator=Decimal(1), denominator=Decimal(0))]
        assert series_value(series(aggregation=Aggregation.RATIO), months) is None

    def test_the_mean_weighs_measurements_not_months(self) -> None:
        months = [month_of(10, n=3), month_of(2, add_months(START, 1))]
        assert series_value(series(), months) == 8


class TestAttainment:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [(59, 0), (60, 0), (70, "37.5"), (80, 75), (90, "87.5"), (100, 100), (101, 100)],
    )
    def test_every_edge(self, value: int, expected: str | int) -> None:
        attained = attainment(Fraction(value), TARGET, Direction.HIGHER, Decimal(75))
        assert attained == Fraction(expected)

    def test_without_stretch_nothing_earns_more_than_the_target(self) -> None:
        target = replace(TARGET, stretch=None)
        for value in (80, 100, 10**6):
            assert attainment(Fraction(value), target, Direction.HIGHER, Decimal(75)) == 75

    def test_without_floor_below_target_earns_nothing(self) -> None:
        target = replace(TARGET, floor=None)
        assert attainment(Fraction(7999, 100), target, Direction.HIGHER, Decimal(75)) == 0
        assert attainment(Fraction(80), target, Direction.HIGHER, Decimal(75)) == 75

    @given(targets_of(START, Direction.HIGHER), figures, scores_at_target)
    def test_lower_is_the_mirror_image(self, target: Target, value: Decimal, score: Decimal) -> None:
        mirrored = Target(
            START,
            -target.target,
            None if target.floor is None else -target.floor,
            None if target.stretch is None else -target.stretch,
        )
        higher = attainment(Fraction(value), target, Direction.HIGHER, score)
        assert attainment(-Fraction(value), mirrored, Direction.LOWER, score) == higher

    @given(st.data(), st.sampled_from(Direction), figures, scales, figures)
    def test_another_unit_changes_nothing(
        self, data: st.DataObject, direction: Direction, value: Decimal, scale: Decimal, shift: Decimal
    ) -> None:
        target = data.draw(targets_of(START, direction))

        def moved(figure: Decimal | None) -> Decimal | None:
            return None if figure is None else figure * scale + shift

        other = Target(START, target.target * scale + shift, moved(target.floor), moved(target.stretch))
        assert attainment(Fraction(value), target, direction, Decimal(75)) == attainment(
            Fraction(value) * Fraction(scale) + Fraction(shift), other, direction, Decimal(75)
        )

    @given(st.data(), st.sampled_from(Direction), figures, figures, scores_at_target)
    def test_better_never_earns_less(
        self, data: st.DataObject, direction: Direction, one: Decimal, other: Decimal, score: Decimal
    ) -> None:
        target = data.draw(targets_of(START, direction))
        worse, better = sorted([one, other], reverse=direction == Direction.LOWER)
        low = attainment(Fraction(worse), target, direction, score)
        high = attainment(Fraction(better), target, direction, score)
        assert 0 <= low <= high <= 100
        if (high >= Fraction(score)) is False:
            assert attainment(Fraction(target.target), target, direction, score) > high


class TestSegments:
    def test_months_before_the_first_target_are_not_scored(self) -> None:
        late = replace(TARGET, month=add_months(START, 6))
        read = series([month_of(0), month_of(80, add_months(START, 6))], [late])
        reading = read_series(read, YEAR, Decimal(75))
        assert reading is not None
        assert reading.attainment == 75
        assert reading.coverage == Fraction(1, 12)
        assert reading.value == 40

    def test_a_target_from_before_the_period_is_in_force(self) -> None:
        early = replace(TARGET, month=add_months(START, -30))
        parts = segments(series([], [early]), YEAR)
        assert [part.target for part in parts] == [early]

    def test_an_earlier_target_that_was_replaced_before_the_period_is_not_used(self) -> None:
        replaced = replace(TARGET, month=add_months(START, -30))
        assert [part.target for part in segments(series([], [TARGET, replaced]), YEAR)] == [TARGET]

    def test_each_segment_is_scored_against_its_own_target(self) -> None:
        raised = Target(add_months(START, 2), Decimal(90), Decimal(80), Decimal(100))
        values = [month_of(80, month) for month in YEAR[:3]]
        reading = read_series(series(values, [raised, TARGET]), YEAR, Decimal(75))
        assert reading is not None
        assert reading.attainment == Fraction(2 * 75 + 1 * 0, 3)
        assert [part.target for part in reading.segments] == [TARGET, raised]

    def test_equal_consecutive_targets_are_separate_segments(self) -> None:
        again = replace(TARGET, month=add_months(START, 1))
        values = [month_of(60), month_of(110, add_months(START, 1))]
        together = read_series(series(values, [TARGET]), YEAR, Decimal(75))
        apart = read_series(series(values, [TARGET, again]), YEAR, Decimal(75))
        assert together is not None
        assert apart is not None
        assert together.attainment == Fraction("81.25")
        assert apart.attainment == 50

    def test_a_segment_without_a_value_weighs_nothing(self) -> None:
        again = replace(TARGET, month=add_months(START, 1))
        values = [
            MonthlyValue(START, 1, numerator=Decimal(1), denominator=Decimal(0)),
            month_of(80, add_months(START, 1)),
        ]
        read = series(values, [TARGET, again], aggregation=Aggregation.RATIO)
        reading = read_series(read, YEAR, Decimal(75))
        assert reading is not None
        assert reading.attainment == 75
        assert reading.coverage == Fraction(2, 12)


class TestCoverage:
    @pytest.mark.parametrize(
        ("cadence", "in_force", "with_data", "expected"),
        [
            (Cadence.MONTHLY, 12, 0, Fraction(0)),
            (Cadence.MONTHLY, 12, 9, Fraction(3, 4)),
            (Cadence.MONTHLY, 1, 1, Fraction(1)),
            (Cadence.QUARTERLY, 3, 1, Fraction(1)),
            (Cadence.QUARTERLY, 4, 1, Fraction(1, 2)),
            (Cadence.QUARTERLY, 12, 3, Fraction(3, 4)),
            (Cadence.QUARTERLY, 12, 12, Fraction(1)),
            (Cadence.QUARTERLY, 2, 0, None),
            (Cadence.QUARTERLY, 2, 1, Fraction(1)),
            (Cadence.SEMIANNUAL, 7, 1, Fraction(1, 2)),
            (Cadence.SEMIANNUAL, 5, 0, None),
            (Cadence.SEMIANNUAL, 5, 2, Fraction(1)),
            (Cadence.YEARLY, 12, 1, Fraction(1)),
            (Cadence.YEARLY, 24, 1, Fraction(1, 2)),
            (Cadence.YEARLY, 11, 0, None),
            (Cadence.YEARLY, 11, 1, Fraction(1)),
            (Cadence.MONTHLY, 0, 0, None),
        ],
    )
    def test_months_with_data_over_months_expected(
        self, cadence: Cadence, in_force: int, with_data: int, expected: Fraction | None
    ) -> None:
        assert takes_part(cadence, in_force=in_force, with_data=with_data) == (expected is not None)
        if expected is not None:
            coverage = series_coverage(cadence, in_force=in_force, with_data_and_target=with_data)
            assert coverage == expected

    def test_data_without_a_target_covers_nothing(self) -> None:
        for cadence, in_force in ((Cadence.MONTHLY, 12), (Cadence.YEARLY, 3)):
            assert takes_part(cadence, in_force=in_force, with_data=1)
            assert series_coverage(cadence, in_force=in_force, with_data_and_target=0) == 0

    def test_a_yearly_level_takes_part_in_a_quarter_only_with_data(self) -> None:
        silent = level(series([], [TARGET], cadence=Cadence.YEARLY), "silent")
        heard = level(series([month_of(80)], [TARGET], cadence=Cadence.YEARLY), "heard")
        card = scorecard([silent, heard], METHODOLOGY, START, 3)
        assert card is not None
        assert [(line.code, line.coverage) for line in card.lines] == [("heard", Decimal(1))]
        assert scorecard([silent], METHODOLOGY, START, 3) is None
