"""The rows of an export, typed, and the rows that were refused."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What the rows of an export become; refused rows are counted under what they would have become."""

    ORGANIZATION = "organization", _("Organizations")
    AGENCY = "agency", _("Agencies")
    VENDOR = "vendor", _("Vendors")
    CONTRACT = "contract", _("Contracts")
    SERVICE = "service", _("Services")
    SUBSCRIPTION = "subscription", _("Subscriptions")
    INDICATOR = "indicator", _("Indicators")
    SERIES = "series", _("Series")
    TARGET = "target", _("Targets")
    SERVICE_LEVEL = "service_level", _("Service levels")
    OUTCOME = "outcome", _("Outcomes")
    OUTCOME_SERIES = "outcome_series", _("Measures of outcomes")
    MEASUREMENT = "measurement", _("Measurements")
    METHODOLOGY = "methodology", _("Methodologies")


@dataclass(frozen=True)
class Place:
    """Where a row stands: its file and the line it begins on."""

    file: str
    line: int


@dataclass(frozen=True)
class Refused:
    """A row, or the part of one that would have become a `kind`, that is not taken, and why."""

    kind: Kind
    place: Place
    key: str
    reason: str


@dataclass(frozen=True)
class Investment:
    """One row of `investments`: a department's investment, which becomes an agreement with its bureau."""

    place: Place
    uii: str
    title: str
    root_code: str
    root_name: str
    bureau_code: str
    bureau_name: str
    submitted_on: datetime.date
    updated_on: datetime.date | None
    is_shared: bool
    cost: Decimal | None


@dataclass(frozen=True)
class PortfolioItem:
    """One row of an `it_portfolio`: a service in the department's catalogue, and how risky its CIO rates it."""

    place: Place
    uii: str
    bureau_name: str
    title: str
    spending: Decimal | None
    rating: str


@dataclass(frozen=True)
class Metric:
    """One row of `performance_metrics`: what an investment is measured by, and its targets."""

    place: Place
    uii: str
    metric_id: str
    description: str
    unit: str
    category: str
    baseline: Decimal | None
    targets: tuple[tuple[datetime.date, Decimal], ...]
    condition: str
    frequency: str
    objective: str
    is_retired: bool

    @property
    def code(self) -> str:
        """The code of its indicator, series and service level."""
        return f"{self.uii}-{self.metric_id}"


@dataclass(frozen=True)
class Result:
    """One row of `metric_actual_results`: what was measured on a day."""

    place: Place
    uii: str
    metric_id: str
    result_id: str
    value: Decimal
    observed_on: datetime.date
    comment: str

    @property
    def code(self) -> str:
        """The code of the series it belongs to."""
        return f"{self.uii}-{self.metric_id}"


@dataclass(frozen=True)
class Activity:
    """One row of `project_activities`: a piece of a project, when it was due and done and what it cost."""

    place: Place
    uii: str
    structure_id: str
    planned_on: datetime.date | None
    completed_on: datetime.date | None
    planned_cost: Decimal | None
    actual_cost: Decimal | None


@dataclass(frozen=True)
class Export:
    """All rows of one folder that could be read, and those that could not."""

    investments: tuple[Investment, ...]
    portfolio: tuple[PortfolioItem, ...]
    metrics: tuple[Metric, ...]
    results: tuple[Result, ...]
    activities: tuple[Activity, ...]
    refused: tuple[Refused, ...]
