"""A state of random data, with all that is odd about measuring; and how the arithmetic sees it."""

import datetime
import random
from collections import defaultdict
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from kernel.accounts.models import User
from kernel.directory.models import Organization
from metrics.methodologies import figures
from metrics.methodologies.scoring import add_months, fold
from metrics.models import Dimension, Indicator, Measurement, Methodology, Series, Target
from vendors.models import Contract, ServiceLevel, Vendor

FIRST = datetime.date(2019, 10, 1)
MONTHS = 24


def figure(rng: random.Random, places: int = 3) -> Decimal:
    """A figure that is often round, so that edges are met."""
    if rng.random() < 0.4:
        return Decimal(rng.randrange(0, 101, 5))
    return Decimal(rng.randrange(-2 * 10**places, 110 * 10**places)).scaleb(-places)


def make_indicators(rng: random.Random, prefix: str) -> list[Indicator]:
    """One indicator of every direction, aggregation, cadence, some in percent."""
    return Indicator.objects.bulk_create(
        Indicator(
            code=f"{prefix}-{direction}-{aggregation}-{cadence}",
            name=f"{aggregation} {cadence}",
            unit=rng.choice(["%", "hours", "a|b\n%"]),
            direction=direction,
            aggregation=aggregation,
            cadence=cadence,
        )
        for direction in Indicator.Direction.values
        for aggregation in Indicator.Aggregation.values
        for cadence in Indicator.Cadence.values
    )


def make_vendors(rng: random.Random, prefix: str, count: int) -> list[Vendor]:
    """Vendors, each its own agency, with up to three contracts."""
    organizations = Organization.objects.bulk_create(
        Organization(code=f"{prefix}-{n}", name=f"{prefix} {n}") for n in range(count)
    )
    vendors = Vendor.objects.bulk_create(
        Vendor(organization=organization, kind=Vendor.Kind.PRIVATE_PARTNER) for organization in organizations
    )
    Contract.objects.bulk_create(
        Contract(
            number=f"{vendor.organization.code}-C{n}",
            title="Agreement",
            vendor=vendor,
            agency=vendor.organization,
            starts_on=FIRST,
            criticality=rng.randint(1, 5),
        )
        for vendor in vendors
        for n in range(rng.randint(0, 3))
    )
    return vendors


def make_series(rng: random.Random, code: str, indicator: Indicator, organization: Organization) -> Series:
    return Series(code=code, indicator=indicator, direction=indicator.direction, agency=organization)


def make_service_levels(rng: random.Random, vendors: list[Vendor], indicators: list[Indicator], most: int) -> None:
    """Up to `most` service levels of each contract, some in force for only part of the time."""
    contracts = list(Contract.objects.filter(vendor__in=vendors).select_related("vendor__organization"))
    planned = [(contract, n) for contract in contracts for n in range(rng.randint(0, most))]
    series = Series.objects.bulk_create(
        make_series(rng, f"{contract.number}-{n}", rng.choice(indicators), contract.vendor.organization)
        for contract, n in planned
    )
    levels = []
    for (contract, _), each in zip(planned, series, strict=True):
        first = add_months(FIRST, rng.choice([0, 0, 0, 0, 5, 9, 12, 30]))
        last = rng.choice([None, None, add_months(first, rng.randint(0, 20))])
        levels.append(
            ServiceLevel(
                series=each,
                contract=contract,
                dimension=rng.choice(Dimension.values),
                weight=Decimal(rng.randint(1, 4000)).scaleb(-3),
                first_month=first,
                last_month=last,
            )
        )
    ServiceLevel.objects.bulk_create(levels)


def make_targets(rng: random.Random) -> None:
    """Up to four targets of each series: before, inside and after its data, some equal to the one before."""
    targets = []
    for series in Series.objects.all():
        previous: Target | None = None
        for offset in sorted(rng.sample(range(-6, MONTHS + 4), rng.randint(0, 4))):
            low, middle, high = sorted(rng.sample(range(110), 3))
            floor, stretch = (low, high) if series.direction == "higher" else (high, low)
            target = Target(
                series=series,
                direction=series.direction,
                effective_from=add_months(FIRST, offset),
                floor=rng.choice([floor, None]),
                target=Decimal(middle),
                stretch=rng.choice([stretch, None]),
            )
            if previous is not None and rng.random() < 0.2:
                target.floor, target.target, target.stretch = previous.floor, previous.target, previous.stretch
            targets.append(target)
            previous = target
    Target.objects.bulk_create(targets)


def make_measurements(rng: random.Random, excluded_by: User) -> None:
    """Measurements with gaps, several on one day, some excluded; ratios sometimes over nothing."""
    measurements = []
    for series in Series.objects.select_related("indicator"):
        density = rng.choice([0, 0.2, 0.6, 1])
        for month in range(MONTHS):
            if rng.random() >= density:
                continue
            for n in range(rng.choice([1, 1, 2, 3])):
                day = add_months(FIRST, month) + datetime.timedelta(days=rng.choice([0, 14, 27]))
                measurements.append(_measurement(rng, series, day, rng.choice(["", "A", "a", "10", "9"]) + "x" * n))
                if rng.random() < 0.1:
                    measurements[-1].excluded_at = timezone.now()
                    measurements[-1].excluded_by = excluded_by
                    measurements[-1].exclusion_reason = "Sensor out of order"
    Measurement.objects.bulk_create(measurements, ignore_conflicts=True)


def _measurement(rng: random.Random, series: Series, day: datetime.date, reference: str) -> Measurement:
    if series.indicator.aggregation == Indicator.Aggregation.RATIO:
        return Measurement(
            series=series,
            observed_on=day,
            reference=reference,
            numerator=abs(figure(rng)),
            denominator=rng.choice([Decimal(0), Decimal(1), abs(figure(rng))]),
        )
    return Measurement(series=series, observed_on=day, reference=reference, value=figure(rng))


def fill(rng: random.Random, excluded_by: User, *, vendors: int = 30, most_levels: int = 8) -> list[Vendor]:
    """Make all of it."""
    indicators = make_indicators(rng, "I")
    made = make_vendors(rng, "V", vendors)
    make_service_levels(rng, made, indicators, most_levels)
    make_targets(rng)
    make_measurements(rng, excluded_by)
    analyze()
    return made


def analyze() -> None:
    """Have PostgreSQL look at how much there is, as it does by itself once rows are committed."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


# --- as the arithmetic sees it ---------------------------------------------------------------


def series_inputs() -> dict[int, figures.SeriesInput]:
    """Every series, its targets and its measurements folded by the arithmetic, by key."""
    targets, measurements = defaultdict(list), defaultdict(list)
    for target in Target.objects.all():
        targets[target.series_id].append(
            figures.Target(target.effective_from, target.target, target.floor, target.stretch)
        )
    for each in Measurement.objects.all():
        measurements[each.series_id].append(
            figures.Measurement(
                each.observed_on,
                each.value,
                each.numerator,
                each.denominator,
                each.reference,
                each.excluded_at is not None,
            )
        )
    return {
        series.pk: figures.SeriesInput(
            figures.Direction(series.direction),
            figures.Aggregation(series.indicator.aggregation),
            figures.Cadence(series.indicator.cadence),
            series.indicator.unit,
            tuple(targets[series.pk]),
            fold(measurements[series.pk]),
        )
        for series in Series.objects.select_related("indicator")
    }


def service_level_inputs() -> dict[int, list[figures.ServiceLevelInput]]:
    """Every vendor's service levels, by the vendor's key."""
    inputs = series_inputs()
    levels = defaultdict(list)
    for level in ServiceLevel.objects.select_related("series", "contract"):
        levels[level.contract.vendor_id].append(
            figures.ServiceLevelInput(
                level.series.code,
                level.dimension,
                level.weight,
                level.contract.criticality,
                level.first_month,
                level.last_month,
                inputs[level.series_id],
            )
        )
    return levels


def methodology_input(methodology: Methodology) -> figures.MethodologyInput:
    return figures.MethodologyInput(
        methodology.weights(),
        methodology.score_at_target,
        methodology.minimum_coverage,
        tuple(figures.Band(band.lower_bound, band.name) for band in methodology.bands.all()),
    )
