"""Figures for tests of the arithmetic: a plain methodology, short makers, and generated series."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from metrics.methodologies.figures import (
    Aggregation,
    Band,
    Cadence,
    Direction,
    MethodologyInput,
    MonthlyValue,
    SeriesInput,
    ServiceLevelInput,
    Target,
)
from metrics.methodologies.scoring import add_months, month_range

START = date(2020, 7, 1)
YEAR = month_range(START, 12)
BANDS = (
    Band(Decimal(0), "Unsatisfactory"),
    Band(Decimal(50), "Marginal"),
    Band(Decimal(70), "Satisfactory"),
    Band(Decimal(85), "Very Good"),
    Band(Decimal(95), "Exceptional"),
)
METHODOLOGY = MethodologyInput(
    weights={
        "outcomes": Decimal(35),
        "service_quality": Decimal(20),
        "relationship": Decimal(15),
        "risk_compliance": Decimal(10),
        "cost": Decimal(10),
        "schedule": Decimal(5),
        "innovation": Decimal(5),
    },
    score_at_target=Decimal(75),
    minimum_coverage=Decimal("0.60"),
    bands=BANDS,
)
WITHOUT_RELATIONSHIP = replace(
    METHODOLOGY,
    weights={**METHODOLOGY.weights, "relationship": Decimal(0), "outcomes": Decimal(50)},
)

figures = st.decimals(min_value=-10_000, max_value=10_000, places=3)
scales = st.decimals(min_value=Decimal("0.001"), max_value=1000, places=3)
weights = st.decimals(min_value=Decimal("0.01"), max_value=100, places=2)
scores_at_target = st.decimals(min_value=1, max_value=99, places=2)
months_of_year = st.sampled_from(YEAR)


@st.composite
def targets_of(draw: st.DrawFn, month: date, direction: Direction) -> Target:
    low, middle, high = sorted(draw(st.lists(figures, min_size=3, max_size=3, unique=True)))
    floor, stretch = (low, high) if direction == Direction.HIGHER else (high, low)
    return Target(month, middle, draw(st.sampled_from([floor, None])), draw(st.sampled_from([stretch, None])))


@st.composite
def monthly_values(draw: st.DrawFn, month: date) -> MonthlyValue:
    values = draw(st.lists(figures, min_size=1, max_size=3))
    return MonthlyValue(
        month=month,
        n=len(values),
        total=sum(values, Decimal(0)),
        minimum=min(values),
        maximum=max(values),
        last=values[-1],
        numerator=abs(values[0]),
        denominator=abs(values[-1]),
    )


@st.composite
def series_inputs(draw: st.DrawFn) -> SeriesInput:
    direction = draw(st.sampled_from(Direction))
    around = month_range(add_months(START, -3), 18)
    target_months = draw(st.lists(st.sampled_from(around), max_size=4, unique=True))
    value_months = draw(st.lists(st.sampled_from(around), max_size=12, unique=True))
    return SeriesInput(
        direction=direction,
        aggregation=draw(st.sampled_from(Aggregation)),
        cadence=draw(st.sampled_from(Cadence)),
        unit=draw(st.sampled_from(["%", "hours"])),
        targets=tuple(draw(targets_of(month, direction)) for month in target_months),
        values=tuple(draw(monthly_values(month)) for month in value_months),
    )


@st.composite
def service_levels(draw: st.DrawFn, code: str) -> ServiceLevelInput:
    first = draw(st.sampled_from(month_range(add_months(START, -12), 30)))
    length = draw(st.one_of(st.none(), st.integers(min_value=0, max_value=24)))
    return ServiceLevelInput(
        code=code,
        dimension=draw(st.sampled_from(sorted(METHODOLOGY.weights))),
        weight=draw(weights),
        criticality=draw(st.integers(min_value=1, max_value=5)),
        first_month=first,
        last_month=None if length is None else add_months(first, length),
        series=draw(series_inputs()),
    )


@st.composite
def level_lists(draw: st.DrawFn) -> list[ServiceLevelInput]:
    count = draw(st.integers(min_value=0, max_value=6))
    return [draw(service_levels(f"SL-{index}")) for index in range(count)]


def month_of(value: str | int, month: date = START, n: int = 1) -> MonthlyValue:
    figure = Decimal(value)
    return MonthlyValue(month, n, figure * n, figure, figure, figure, figure, Decimal(1))


def series(
    values: Sequence[MonthlyValue] = (),
    targets: Sequence[Target] = (),
    *,
    cadence: Cadence = Cadence.MONTHLY,
    aggregation: Aggregation = Aggregation.MEAN,
) -> SeriesInput:
    return SeriesInput(Direction.HIGHER, aggregation, cadence, "hours", tuple(targets), tuple(values))


def level(
    read: SeriesInput, code: str = "SL", dimension: str = "outcomes", weight: int = 1, criticality: int = 1
) -> ServiceLevelInput:
    return ServiceLevelInput(code, dimension, Decimal(weight), criticality, START, None, read)


def full_year(value: int, target: Target) -> SeriesInput:
    return series([month_of(value, month) for month in YEAR], [target])


TARGET = Target(START, Decimal(80), Decimal(60), Decimal(100))
