"""Acme measured over two quarters under two contracts, computed and published as in production."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.measurements.folding import fold_due
from metrics.models import Dimension, Measurement, Methodology, Series
from tests.conftest import JANUARY, Cast, World, make_contract, make_service_level
from vendors.models import Scorecard, ServiceLevel, Vendor
from vendors.scorecards.computing import compute_scorecards
from vendors.scorecards.publishing import publish_scorecards

Q1, Q2 = JANUARY, datetime.date(2020, 4, 1)


@dataclass
class Measured:
    """Two published scorecards and the service levels they rest on."""

    first: Scorecard
    second: Scorecard
    uptime: ServiceLevel
    outcome: ServiceLevel
    of_parks: ServiceLevel
    silent: ServiceLevel
    without_target: ServiceLevel

    @property
    def rise(self) -> Decimal:
        """How the score rose from the first to the second quarter."""
        assert self.first.score is not None
        assert self.second.score is not None
        return self.second.score - self.first.score


def measure(series: Series, values: list[object], start: datetime.date = JANUARY) -> None:
    """One measurement a month, from `start` on; none: a month without."""
    Measurement.objects.bulk_create(
        Measurement(series=series, observed_on=datetime.date(start.year, start.month + index, 15), value=value)
        for index, value in enumerate(values)
        if value is not None
    )


def compute(world: World, start: datetime.date, months: int = 3) -> Scorecard:
    """Fold what is due and compute one period of Acme; the latest revision of it."""
    fold_due()
    compute_scorecards(
        period_start=start,
        months=months,
        methodology=world.methodology,
        vendors=Vendor.objects.filter(pk=world.acme.pk),
    )
    cards = Scorecard.objects.filter(vendor=world.acme, period_start=start, months=months)
    return cards.order_by("-revision")[0]


@pytest.fixture
def measured(world: World, cast: Cast) -> Measured:
    weights = {f"{dimension}_weight": 0 for dimension in Dimension.values}
    weights |= {"outcomes_weight": 60, "service_quality_weight": 40}
    Methodology.objects.update(**weights, minimum_coverage=Decimal("0.5"))
    targets: dict = {JANUARY: (Decimal(60), Decimal(80), None)}
    parks = make_contract("C-3", world.acme, world.parks, criticality=1)
    levels = {
        "uptime": world.service_level,
        "outcome": make_service_level("C-1-outcome", world.contract, dimension="outcomes", targets=targets),
        "of_parks": make_service_level("C-3-quality", parks, targets=targets),
        "silent": make_service_level("C-1-silent", world.contract, targets=targets),
        "without_target": make_service_level("C-1-untargeted", world.contract),
    }
    measure(levels["uptime"].series, ["97.5", "97.5", "97.5", "92.5", "92.5", "92.5"])
    measure(levels["outcome"].series, [70, 70, 70, 80, 80, None])
    measure(levels["of_parks"].series, [80, 80, 80, 90, 90, 90])
    measure(levels["without_target"].series, [1, 1, 1, 1, 1, 1])
    cards = [compute(world, start) for start in (Q1, Q2)]
    publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
    for card in cards:
        card.refresh_from_db()
    return Measured(cards[0], cards[1], **levels)


@pytest.fixture
def cost() -> Callable[[Client, str], int]:
    """How many queries a page takes."""

    def count(client: Client, url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200, url
        return len(captured)

    return count
