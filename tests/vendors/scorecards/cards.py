"""Scorecards written directly, for tests of what is read from them."""

import datetime
from decimal import Decimal

from django.utils import timezone

from kernel.accounts.models import User
from metrics.models import GradeBand, Methodology
from vendors.models import Scorecard, ScorecardDimension, ScorecardLine, ServiceLevel, Vendor


def make_scorecard(
    vendor: Vendor,
    methodology: Methodology,
    start: datetime.date,
    months: int = 3,
    *,
    score: object = 80,
    coverage: object = "0.9",
    by: User | None = None,
    lines: dict[ServiceLevel, object] | None = None,
    **fields: object,
) -> Scorecard:
    """A scorecard with one dimension of one line per service level `{service level: attainment}`; published by `by`."""
    decided = None if score is None else Decimal(str(score))
    enough = decided is not None and Decimal(str(coverage)) >= methodology.minimum_coverage
    bands = GradeBand.objects.filter(methodology=methodology, lower_bound__lte=decided) if enough else None
    card = Scorecard.objects.create(
        vendor=vendor,
        methodology=methodology,
        period_start=start,
        months=months,
        score=decided,
        coverage=Decimal(str(coverage)),
        grade=bands.order_by("-lower_bound").first() if bands is not None else None,
        digest="0" * 64,
        computed_at=timezone.now(),
        **fields,
    )
    for service_level, attainment in (lines or {}).items():
        add_line(card, service_level, attainment)
    if by is not None:
        card.status, card.published_by, card.published_at = Scorecard.Status.PUBLISHED, by, timezone.now()
        card.save()
    return card


def add_line(card: Scorecard, service_level: ServiceLevel, attainment: object) -> ScorecardLine:
    """One line that alone makes its dimension and contributes as much as the overall score; none: without data."""
    reached = None if attainment is None else Decimal(str(attainment))
    ScorecardDimension.objects.get_or_create(
        scorecard=card,
        dimension=service_level.dimension,
        defaults={
            "weight": card.methodology.weights()[service_level.dimension],
            "score": reached,
            "coverage": card.coverage,
        },
    )
    segment = {"from": "2020-01", "floor": "90", "target": "95", "stretch": "100", "months": 3}
    return ScorecardLine.objects.create(
        scorecard=card,
        service_level=service_level,
        dimension=service_level.dimension,
        weight=service_level.weight,
        criticality=service_level.contract.criticality,
        value=reached,
        attainment=reached,
        coverage=0 if reached is None else card.coverage,
        contribution=reached,
        months_with_data=0 if reached is None else card.months,
        months_expected=card.months,
        latest_month=None if reached is None else card.period_start,
        segments=[{**segment, "value": attainment and str(attainment), "attainment": attainment and str(attainment)}],
    )
