"""Short makers of measured months, for tests of scorecards."""

import datetime
from decimal import Decimal

from metrics.measurements.folding import fold_due
from metrics.methodologies.scoring import month_range
from metrics.models import Measurement, Methodology
from vendors.models import Scorecard, ServiceLevel, Vendor
from vendors.scorecards.computing import Computed, compute_scorecards, pull_series_changes, recompute_due

START = datetime.date(2020, 7, 1)
YEAR = month_range(START, 12)


def measure(level: ServiceLevel, value: int, months: tuple[datetime.date, ...] = YEAR, reference: str = "") -> None:
    """One measurement in each of `months`, folded."""
    Measurement.objects.bulk_create(
        [
            Measurement(series=level.series, observed_on=month, value=Decimal(value), reference=reference)
            for month in months
        ],
        update_conflicts=True,
        unique_fields=["series", "observed_on", "reference"],
        update_fields=["value"],
    )
    fold_due()


def compute(methodology: Methodology, *vendors: Vendor, months: int = 12) -> Computed:
    """Compute the scorecards of `vendors`, or of all, from July 2020."""
    keys = [vendor.pk for vendor in vendors]
    return compute_scorecards(
        period_start=START,
        months=months,
        methodology=methodology,
        vendors=Vendor.objects.filter(pk__in=keys) if keys else Vendor.objects.all(),
    )


def work_off() -> None:
    """What beat does every minute with what is due."""
    fold_due()
    pull_series_changes()
    while recompute_due():
        pass


def card_of(vendor: Vendor, months: int = 12) -> Scorecard:
    """The vendor's newest revision."""
    return Scorecard.objects.filter(vendor=vendor, months=months).latest("revision")
