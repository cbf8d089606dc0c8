"""The scoring method's arithmetic, apart from the database: exact, the yardstick of what production computes.

Section numbers (§) are those of the page "The scoring method". Figures come in as Decimal, are computed as
Fraction, and go out as Decimal with 9 decimals, half to even, the way they are stored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, Inexact
from fractions import Fraction

from metrics.methodologies.figures import (
    Aggregation,
    Cadence,
    DimensionResult,
    Direction,
    LineResult,
    Measurement,
    MethodologyInput,
    MonthlyValue,
    OutcomeResult,
    OutcomeStatus,
    ScorecardResult,
    Segment,
    SegmentResult,
    SeriesInput,
    ServiceLevelInput,
    Target,
)

INSUFFICIENT_EVIDENCE = "Insufficient evidence"
OUTCOME_MINIMUM_COVERAGE = Decimal("0.60")
OUTCOME_AT_RISK = Decimal(50)
STORED_DECIMALS = 9

# Wide enough for any figure a month can hold; refuses to round instead of rounding silently.
EXACT = Context(prec=5000, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[Inexact])


@dataclass(frozen=True)
class SegmentReading:
    """What was reached under one target in force, exact (§4)."""

    target: Target
    months: int
    value: Fraction | None
    attainment: Fraction | None


@dataclass(frozen=True)
class SeriesReading:
    """A series over the months that count, exact: its value (§3), attainment (§4) and coverage (§5)."""

    value: Fraction | None
    attainment: Fraction | None
    coverage: Fraction
    months_with_data: int
    months_expected: int
    latest_month: date | None
    segments: tuple[SegmentReading, ...]


@dataclass(frozen=True)
class _Line:
    level: ServiceLevelInput
    reading: SeriesReading

    @property
    def weight(self) -> Fraction:
        return Fraction(self.level.weight) * self.level.criticality


@dataclass(frozen=True)
class _Dimension:
    weight: Fraction
    score: Fraction | None
    coverage: Fraction
    scored_weight: Fraction

    @property
    def counts(self) -> bool:
        return self.weight > 0 and self.score is not None


def add_months(month: date, count: int) -> date:
    """Return the first day of the month `count` months after `month`."""
    years, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(years, index + 1, 1)


def month_range(start: date, months: int) -> tuple[date, ...]:
    """Return the first days of a run of whole months."""
    return tuple(add_months(start, index) for index in range(months))


def stored(figure: Fraction) -> Decimal:
    """Return a figure as it is stored: 9 decimals, half to even (§6, Exactness)."""
    return EXACT.scaleb(Decimal(round(figure * 10**STORED_DECIMALS)), -STORED_DECIMALS)


def stored_or_none(figure: Fraction | None) -> Decimal | None:
    """Return a figure as it is stored, or none where there is none."""
    return None if figure is None else stored(figure)


def fold(measurements: Iterable[Measurement]) -> tuple[MonthlyValue, ...]:
    """Fold the measurements of one series into monthly values, oldest first (§2)."""
    by_month: dict[date, list[Measurement]] = {}
    for measurement in measurements:
        if not measurement.excluded:
            by_month.setdefault(measurement.observed_on.replace(day=1), []).append(measurement)
    return tuple(_fold_month(month, by_month[month]) for month in sorted(by_month))


def _fold_month(month: date, measurements: Sequence[Measurement]) -> MonthlyValue:
    values = [each.value for each in measurements if each.value is not None]
    latest = max(measurements, key=lambda each: (each.observed_on, each.reference))
    return MonthlyValue(
        month=month,
        n=len(measurements),
        total=_total(values),
        minimum=min(values, default=None),
        maximum=max(values, default=None),
        last=latest.value,
        numerator=_total([each.numerator for each in measurements if each.numerator is not None]),
        denominator=_total([each.denominator for each in measurements if each.denominator is not None]),
    )


def _total(values: Sequence[Decimal]) -> Decimal | None:
    if not values:
        return None
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, value)
    return total


def series_value(series: SeriesInput, values: Sequence[MonthlyValue]) -> Fraction | None:
    """Return the value of a series over the given monthly values, none where they hold none (§3)."""
    if not values:
        return None
    match series.aggregation:
        case Aggregation.MEAN:
            total = _sum(each.total for each in values)
            return None if total is None else total / sum(each.n for each in values)
        case Aggregation.SUM:
            return _sum(each.total for each in values)
        case Aggregation.MIN:
            return min(_present(each.minimum for each in values), default=None)
        case Aggregation.MAX:
            return max(_present(each.maximum for each in values), default=None)
        case Aggregation.LAST:
            last = max(values, key=lambda each: each.month).last
            return None if last is None else Fraction(last)
        case Aggregation.RATIO:
            return _ratio(values, 100 if series.unit == "%" else 1)


def _ratio(values: Sequence[MonthlyValue], factor: int) -> Fraction | None:
    numerator = _sum(each.numerator for each in values)
    denominator = _sum(each.denominator for each in values)
    if numerator is None or not denominator:
        return None
    return factor * numerator / denominator


def _present(values: Iterable[Decimal | None]) -> list[Fraction]:
    return [Fraction(value) for value in values if value is not None]


def _sum(values: Iterable[Decimal | None]) -> Fraction | None:
    present = _present(values)
    return sum(present, Fraction(0)) if present else None


def attainment(value: Fraction, target: Target, direction: Direction, score_at_target: Decimal) -> Fraction:
    """Return how far a value attains a target, 0 to 100 (§4)."""
    sign = 1 if direction == Direction.HIGHER else -1
    score = Fraction(score_at_target)
    reached = sign * value
    goal = sign * Fraction(target.target)
    if reached >= goal:
        if target.stretch is None:
            return score
        stretch = sign * Fraction(target.stretch)
        if reached >= stretch:
            return Fraction(100)
        return score + (100 - score) * (reached - goal) / (stretch - goal)
    if target.floor is None:
        return Fraction(0)
    floor = sign * Fraction(target.floor)
    if reached <= floor:
        return Fraction(0)
    return score * (reached - floor) / (goal - floor)


def segments(series: SeriesInput, months: Sequence[date]) -> tuple[Segment, ...]:
    """Split the months that count into segments, one per target in force, oldest first (§4)."""
    targets = sorted(series.targets, key=lambda each: each.month)
    values = {each.month: each for each in series.values}
    found = []
    for index, target in enumerate(targets):
        until = targets[index + 1].month if index + 1 < len(targets) else date.max
        in_force = [month for month in months if target.month <= month < until]
        if in_force:
            found.append(Segment(target, tuple(values[month] for month in in_force if month in values)))
    return tuple(found)


def read_segment(series: SeriesInput, segment: Segment, score_at_target: Decimal) -> SegmentReading:
    """Score one segment against its own target (§4)."""
    value = series_value(series, segment.values)
    attained = None if value is None else attainment(value, segment.target, series.direction, score_at_target)
    return SegmentReading(segment.target, len(segment.values), value, attained)


def months_expected(cadence: Cadence, in_force: int) -> int:
    """Return how many of the months in force should have data (§5)."""
    return -(-in_force // cadence.months)


def takes_part(cadence: Cadence, *, in_force: int, with_data: int) -> bool:
    """Say whether a series takes part: a slow one needs data where its months in force are few (§5)."""
    return in_force > 0 and (cadence.months <= in_force or with_data > 0)


def series_coverage(cadence: Cadence, *, in_force: int, with_data_and_target: int) -> Fraction:
    """Return the coverage of a series that takes part, from its counts of months (§5)."""
    return min(Fraction(1), Fraction(with_data_and_target, months_expected(cadence, in_force)))


def read_series(series: SeriesInput, months: Sequence[date], score_at_target: Decimal) -> SeriesReading | None:
    """Read a series over the months that count, none where it takes no part (§3 to §5)."""
    counted = set(months)
    values = [each for each in series.values if each.month in counted]
    if not takes_part(series.cadence, in_force=len(months), with_data=len(values)):
        return None
    parts = [read_segment(series, segment, score_at_target) for segment in segments(series, months)]
    return SeriesReading(
        value=series_value(series, values),
        attainment=_mean((Fraction(part.months), part.attainment) for part in parts),
        coverage=series_coverage(
            series.cadence, in_force=len(months), with_data_and_target=sum(part.months for part in parts)
        ),
        months_with_data=len(values),
        months_expected=months_expected(series.cadence, len(months)),
        latest_month=max((each.month for each in values), default=None),
        segments=tuple(parts),
    )


def scorecard(
    levels: Iterable[ServiceLevelInput], methodology: MethodologyInput, period_start: date, months: int
) -> ScorecardResult | None:
    """Score one vendor's service levels over a period, none where no line takes part (§6)."""
    lines = _lines(levels, methodology, month_range(period_start, months))
    if not lines:
        return None
    dimensions = {
        code: _dimension(Fraction(weight), [line for line in lines if line.level.dimension == code])
        for code, weight in methodology.weights.items()
    }
    scored_weight = sum((each.weight for each in dimensions.values() if each.counts), Fraction(0))
    score = _mean((each.weight, each.score) for each in dimensions.values() if each.counts)
    coverage = sum((each.weight * each.coverage for each in dimensions.values()), Fraction(0)) / 100
    return ScorecardResult(
        score=stored_or_none(score),
        coverage=stored(coverage),
        grade=grade(stored_or_none(score), stored(coverage), methodology),
        dimensions=tuple(
            DimensionResult(code, methodology.weights[code], stored_or_none(each.score), stored(each.coverage))
            for code, each in dimensions.items()
        ),
        lines=tuple(_line_result(line, dimensions[line.level.dimension], scored_weight) for line in lines),
    )


def _lines(levels: Iterable[ServiceLevelInput], methodology: MethodologyInput, period: Sequence[date]) -> list[_Line]:
    lines = []
    for level in sorted(levels, key=lambda each: each.code):
        last = level.last_month or date.max
        in_force = [month for month in period if level.first_month <= month <= last]
        reading = read_series(level.series, in_force, methodology.score_at_target)
        if reading is not None:
            lines.append(_Line(level, reading))
    return lines


def _dimension(weight: Fraction, lines: Sequence[_Line]) -> _Dimension:
    scored = [line for line in lines if line.reading.attainment is not None]
    return _Dimension(
        weight=weight,
        score=_mean((line.weight, line.reading.attainment) for line in scored),
        coverage=_mean((line.weight, line.reading.coverage) for line in lines) or Fraction(0),
        scored_weight=sum((line.weight for line in scored), Fraction(0)),
    )


def _mean(weighted: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    present = [(weight, figure) for weight, figure in weighted if figure is not None]
    if not present:
        return None
    total = sum((weight for weight, _ in present), Fraction(0))
    return sum((weight * figure for weight, figure in present), Fraction(0)) / total


def _line_result(line: _Line, dimension: _Dimension, scored_weight: Fraction) -> LineResult:
    reading = line.reading
    contribution = None
    if reading.attainment is not None and dimension.counts:
        share = dimension.weight / scored_weight * line.weight / dimension.scored_weight
        contribution = stored(share * reading.attainment)
    return LineResult(
        code=line.level.code,
        dimension=line.level.dimension,
        weight=line.level.weight,
        criticality=line.level.criticality,
        value=stored_or_none(reading.value),
        attainment=stored_or_none(reading.attainment),
        coverage=stored(reading.coverage),
        contribution=contribution,
        months_with_data=reading.months_with_data,
        months_expected=reading.months_expected,
        latest_month=reading.latest_month,
        segments=tuple(
            SegmentResult(part.target, part.months, stored_or_none(part.value), stored_or_none(part.attainment))
            for part in reading.segments
        ),
    )


def grade(score: Decimal | None, coverage: Decimal, methodology: MethodologyInput) -> str:
    """Return the band that holds a stored score, or insufficient evidence (§6, Grade)."""
    if score is None or coverage < methodology.minimum_coverage:
        return INSUFFICIENT_EVIDENCE
    held = [band for band in methodology.bands if band.start <= score]
    return max(held, key=lambda band: band.start).name


def outcome(
    weighted_series: Iterable[tuple[Decimal, SeriesInput]], months: Sequence[date], score_at_target: Decimal
) -> OutcomeResult:
    """Read an outcome from its series and their weights over twelve months (§8)."""
    readings = []
    for weight, series in weighted_series:
        reading = read_series(series, months, score_at_target)
        if reading is not None:
            readings.append((Fraction(weight), reading))
    attained = stored_or_none(_mean((weight, reading.attainment) for weight, reading in readings))
    coverage = stored(_mean((weight, reading.coverage) for weight, reading in readings) or Fraction(0))
    return OutcomeResult(attained, coverage, outcome_status(attained, coverage, score_at_target))


def outcome_status(attained: Decimal | None, coverage: Decimal, score_at_target: Decimal) -> OutcomeStatus:
    """Say where an outcome stands, on its stored figures (§8)."""
    if attained is None or coverage < OUTCOME_MINIMUM_COVERAGE:
        return OutcomeStatus.NO_DATA
    if attained >= score_at_target:
        return OutcomeStatus.ON_TRACK
    return OutcomeStatus.AT_RISK if attained >= OUTCOME_AT_RISK else OutcomeStatus.OFF_TRACK
