"""What is to stand in the database after an import, by natural keys; and what of it is fixed there already."""

import datetime
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, Protocol, TypeVar

from django.utils.translation import gettext as _

from agencies.it_dashboard.bureaus import Body
from agencies.it_dashboard.rows import Kind, Place, Refused


class PlannedContract(NamedTuple):
    """An agreement of a bureau with itself, as provider and as agency."""

    number: str
    title: str
    bureau: str
    value: Decimal | None
    starts_on: datetime.date
    criticality: int
    holder: str


class PlannedService(NamedTuple):
    """A service in the catalogue."""

    code: str
    name: str
    provider: str
    contract: str | None
    yearly_spending: Decimal | None


class PlannedSubscription(NamedTuple):
    """An agency's use of a service."""

    agency: str
    service: str
    starts_on: datetime.date


class PlannedIndicator(NamedTuple):
    """What is measured."""

    code: str
    name: str
    cadence: str
    unit: str
    direction: str
    aggregation: str


class PlannedLevel(NamedTuple):
    """A series and the service level that commits to it."""

    code: str
    indicator: PlannedIndicator
    contract: str
    dimension: str
    last_month: datetime.date | None = None


class PlannedTarget(NamedTuple):
    """A target of a series from a month on."""

    series: str
    effective_from: datetime.date
    floor: Decimal | None
    target: Decimal
    stretch: Decimal | None
    direction: str


class PlannedOutcome(NamedTuple):
    """An objective of a bureau."""

    code: str
    organization: str
    name: str


class PlannedMeasurement(NamedTuple):
    """One observation of a series: a value, or a numerator and a denominator."""

    series: str
    observed_on: datetime.date
    reference: str
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    comment: str = ""


@dataclass(frozen=True)
class Known:
    """What the database holds already and an import reads: bodies, and what cannot change any more."""

    bodies: tuple[Body, ...] = ()
    # The bureau of each agreement that has service levels.
    bureaus_of_contracts: dict[str, str] = field(default_factory=dict)
    # Unit, direction and aggregation of each indicator.
    indicators: dict[str, tuple[str, str, str]] = field(default_factory=dict)


@dataclass
class Plan:
    """Everything one import is to write, and what it refuses."""

    bodies: list[Body] = field(default_factory=list)
    segments: dict[str, str] = field(default_factory=dict)
    contracts: list[PlannedContract] = field(default_factory=list)
    services: list[PlannedService] = field(default_factory=list)
    subscriptions: list[PlannedSubscription] = field(default_factory=list)
    levels: list[PlannedLevel] = field(default_factory=list)
    targets: list[PlannedTarget] = field(default_factory=list)
    outcomes: dict[str, PlannedOutcome] = field(default_factory=dict)
    # Pairs of outcome and series.
    outcome_series: list[tuple[str, str]] = field(default_factory=list)
    measurements: list[PlannedMeasurement] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def refuse(self, kind: Kind, place: Place, key: str, reason: str) -> None:
        """Note a row that is not taken."""
        self.refused.append(Refused(kind, place, key, reason))


class HasPlace(Protocol):
    """A row of an export."""

    @property
    def place(self) -> Place: ...


Row = TypeVar("Row", bound=HasPlace)


def latest(rows: Iterable[Row], identity: Callable[[Row], Hashable], kind: Kind, plan: Plan) -> list[Row]:
    """The rows without those that a later row of the same identity replaces."""
    by_identity: dict[Hashable, Row] = {}
    for row in rows:
        key = identity(row)
        earlier = by_identity.pop(key, None)
        if earlier is not None:
            parts = key if isinstance(key, tuple) else (key,)
            message = _("given again in %(file)s, line %(line)d; the later row counts")
            reason = message % {"file": row.place.file, "line": row.place.line}
            plan.refuse(kind, earlier.place, " ".join(str(part) for part in parts), reason)
        by_identity[key] = row
    return list(by_identity.values())
