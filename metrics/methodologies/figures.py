"""Figures that the arithmetic reads and returns: frozen facts, apart from the database.

Section numbers (§) are those of the page "The scoring method".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


class Aggregation(StrEnum):
    MEAN = "mean"
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    LAST = "last"
    RATIO = "ratio"


class Cadence(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMIANNUAL = "semiannual"
    YEARLY = "yearly"

    @property
    def months(self) -> int:
        """How many months one result covers; a month is the least that counts."""
        return {"quarterly": 3, "semiannual": 6, "yearly": 12}.get(self.value, 1)


class OutcomeStatus(StrEnum):
    NO_DATA = "no_data"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


@dataclass(frozen=True)
class Measurement:
    """One observation of a series on a date (§1): a value, or a numerator and a denominator."""

    observed_on: date
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reference: str = ""
    excluded: bool = False


@dataclass(frozen=True)
class MonthlyValue:
    """All measurements of one series in one calendar month, folded (§2); `month` is its first day."""

    month: date
    n: int
    total: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    last: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True)
class Target:
    """What a series should reach from the first day of a month until its next target begins (§1)."""

    month: date
    target: Decimal
    floor: Decimal | None = None
    stretch: Decimal | None = None


@dataclass(frozen=True)
class SeriesInput:
    """What is known of one series: how it is read, its targets and its monthly values."""

    direction: Direction
    aggregation: Aggregation
    cadence: Cadence
    unit: str
    targets: tuple[Target, ...] = ()
    values: tuple[MonthlyValue, ...] = ()


@dataclass(frozen=True)
class Segment:
    """The months with data under one target in force (§4)."""

    target: Target
    values: tuple[MonthlyValue, ...]


@dataclass(frozen=True)
class ServiceLevelInput:
    """A series that a contract commits to, in force from `first_month` to `last_month` (none: open)."""

    code: str
    dimension: str
    weight: Decimal
    criticality: int
    first_month: date
    last_month: date | None
    series: SeriesInput


@dataclass(frozen=True)
class Band:
    """A grade and the score it begins at; it ends where the next begins (§6)."""

    start: Decimal
    name: str


@dataclass(frozen=True)
class MethodologyInput:
    """Dimension weights, score at target, minimum coverage and grade bands of one methodology version."""

    weights: Mapping[str, Decimal]
    score_at_target: Decimal
    minimum_coverage: Decimal
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class SegmentResult:
    """What was reached under one target in force, as stored."""

    target: Target
    months: int
    value: Decimal | None
    attainment: Decimal | None


@dataclass(frozen=True)
class LineResult:
    """One service level on a scorecard, as stored."""

    code: str
    dimension: str
    weight: Decimal
    criticality: int
    value: Decimal | None
    attainment: Decimal | None
    coverage: Decimal
    contribution: Decimal | None
    months_with_data: int
    months_expected: int
    latest_month: date | None
    segments: tuple[SegmentResult, ...]


@dataclass(frozen=True)
class DimensionResult:
    """One dimension on a scorecard, as stored."""

    dimension: str
    weight: Decimal
    score: Decimal | None
    coverage: Decimal


@dataclass(frozen=True)
class ScorecardResult:
    """One vendor's scorecard for one period and methodology, as stored."""

    score: Decimal | None
    coverage: Decimal
    grade: str
    dimensions: tuple[DimensionResult, ...]
    lines: tuple[LineResult, ...]


@dataclass(frozen=True)
class OutcomeResult:
    """Where one outcome stands at the end of twelve months (§8), as stored."""

    attainment: Decimal | None
    coverage: Decimal
    status: OutcomeStatus
