"""A generated state: ten service levels a vendor, each measured every day of one fiscal year."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from agencies.models import Agency
from kernel.access import Role
from kernel.accounts.models import User
from kernel.directory.models import Membership, Organization
from metrics.models import Dimension, Indicator, Measurement, Outcome, OutcomeSeries, Series, Target
from tests.bench.measuring import run, settle
from vendors.models import Contract, Service, ServiceLevel, Subscription, Vendor

VENDORS, LEVELS_EACH, DAYS = 2_000, 10, 365
INDICATORS, OUTCOMES_EACH, PEOPLE = 200, 5, 20
LONG_AGO = datetime.date(2020, 1, 1)
FIRST_DAY, MONTHS = datetime.date(2020, 7, 1), 12
TRIGGERS = "ALTER TABLE metrics_measurement {verb} TRIGGER USER"

# Day by day, as measurements come in: those of one series lie far apart.
MEASURE = """
    SELECT setseed(0.5);
    INSERT INTO metrics_measurement (version, series_id, observed_on, reference, value, numerator, denominator,
        comment, recorded_at, exclusion_reason)
    SELECT 1, series.id, date '2020-07-01' + day, '',
        CASE WHEN NOT of_sums THEN figure END, CASE WHEN of_sums THEN figure END, CASE WHEN of_sums THEN 100 END,
        '', now(), ''
    FROM (
        SELECT day, series.id, aggregation = 'ratio' AS of_sums, round((random() * 100)::numeric, 3) AS figure
        FROM generate_series(0, %s) AS day
        CROSS JOIN metrics_series AS series
        JOIN metrics_indicator AS indicator ON indicator.id = series.indicator_id
    ) AS series
    ORDER BY day, series.id
"""


@dataclass(frozen=True)
class Part:
    """How much of the whole state there is."""

    vendors: int

    @classmethod
    def of(cls, scale: float) -> "Part":
        """A part of 2,000 vendors; of the smallest two are left."""
        return cls(max(round(VENDORS * scale), 2))

    @property
    def levels(self) -> int:
        """Service levels."""
        return self.vendors * LEVELS_EACH

    @property
    def measurements(self) -> int:
        """Measurements, one a day of each service level."""
        return self.levels * DAYS


def fill(part: Part) -> None:
    """Put the state into an empty database, as large as `part`; nothing is folded or scored yet."""
    agencies = _agencies(max(part.vendors // 20, 2))
    vendors = _vendors(part.vendors)
    contracts = _contracts(vendors, agencies)
    _services(vendors, agencies)
    series = _series(contracts, part.levels)
    _outcomes(agencies, series)
    _people(agencies, vendors)
    _measure()
    settle()


def _agencies(count: int) -> list[Organization]:
    agencies = Organization.objects.bulk_create(
        Organization(code=f"a-{n}", name=f"Agency {n}", is_cio_office=n == 0) for n in range(count)
    )
    Agency.objects.bulk_create(Agency(organization=agency) for agency in agencies)
    return agencies


def _vendors(count: int) -> list[Vendor]:
    organizations = Organization.objects.bulk_create(
        Organization(code=f"v-{n}", name=f"Vendor {n}") for n in range(count)
    )
    return Vendor.objects.bulk_create(
        Vendor(organization=organization, kind=Vendor.Kind.values[n % 3], segment=Vendor.Segment.values[n % 4])
        for n, organization in enumerate(organizations)
    )


def _contracts(vendors: list[Vendor], agencies: list[Organization]) -> list[Contract]:
    soon = timezone.localdate()
    return Contract.objects.bulk_create(
        Contract(
            number=f"c-{n}",
            title=f"Agreement {n}",
            vendor=vendors[n % len(vendors)],
            agency=agencies[n % len(agencies)],
            value=Decimal(1_000 * (1 + n % 997)),
            starts_on=LONG_AGO,
            ends_on=None if n % 4 else soon + datetime.timedelta(days=n % 720),
            criticality=1 + n % 5,
            holder=Contract.Holder.values[n % 9 == 0],
        )
        for n in range(len(vendors) * 5 // 2)
    )


def _services(vendors: list[Vendor], agencies: list[Organization]) -> None:
    services = Service.objects.bulk_create(
        Service(
            code=f"service-{n}",
            name=f"Service {n}",
            provider=vendors[n % len(vendors)],
            yearly_spending=Decimal(100 * (1 + n % 991)),
        )
        for n in range(len(vendors) * 2)
    )
    Subscription.objects.bulk_create(
        Subscription(agency=agencies[n % len(agencies)], service=service, starts_on=LONG_AGO)
        for n, service in enumerate(services)
    )


def _series(contracts: list[Contract], count: int) -> list[Series]:
    """Service levels with two targets each, and their series."""
    indicators = Indicator.objects.bulk_create(
        Indicator(
            code=f"i-{n}",
            name=f"Indicator {n}",
            unit="%" if n % 3 else "days",
            direction=Indicator.Direction.values[n % 2],
            aggregation=Indicator.Aggregation.values[n % 6],
            cadence=Indicator.Cadence.values[n % 6],
        )
        for n in range(INDICATORS)
    )
    measured = [(contracts[n % len(contracts)], indicators[n % INDICATORS]) for n in range(count)]
    series = Series.objects.bulk_create(
        Series(
            code=f"s-{n}",
            indicator=indicator,
            direction=indicator.direction,
            agency=contract.agency,
            provider=contract.vendor.organization,
        )
        for n, (contract, indicator) in enumerate(measured)
    )
    ServiceLevel.objects.bulk_create(
        ServiceLevel(
            series=each,
            contract=contract,
            dimension=Dimension.values[n % 7],
            weight=1 + n % 3,
            first_month=LONG_AGO,
        )
        for n, (each, (contract, _)) in enumerate(zip(series, measured, strict=True))
    )
    Target.objects.bulk_create(
        (_target(each, month) for each in series for month in (LONG_AGO, datetime.date(2020, 11, 1))), batch_size=10_000
    )
    return series


def _target(series: Series, month: datetime.date) -> Target:
    is_higher = series.direction == Indicator.Direction.HIGHER
    floor, stretch = (10, 90) if is_higher else (90, 10)
    return Target(
        series=series, direction=series.direction, effective_from=month, floor=floor, target=50, stretch=stretch
    )


def _outcomes(agencies: list[Organization], series: list[Series]) -> None:
    outcomes = Outcome.objects.bulk_create(
        Outcome(code=f"o-{n}", name=f"Outcome {n}", organization=agencies[n % len(agencies)])
        for n in range(len(agencies) * OUTCOMES_EACH)
    )
    OutcomeSeries.objects.bulk_create(
        OutcomeSeries(outcome=outcome, series=series[n % len(series)]) for n, outcome in enumerate(outcomes)
    )


def _people(agencies: list[Organization], vendors: list[Vendor]) -> None:
    """Twenty people: half of the office, the others of agencies and vendors; and a system of the first one's."""
    cio = User.objects.create_user("p-0@example.gov", name="Person 0", role=Role.CIO_OFFICE)
    User.objects.create_user("system@example.gov", name="System", role=Role.INTEGRATION, owner=cio)
    for n in range(1, PEOPLE):
        organization = (agencies[n % len(agencies)], vendors[n % len(vendors)].organization)[n % 2]
        role = (Role.AGENCY_MEMBER, Role.VENDOR_MEMBER)[n % 2] if n % 4 > 1 else Role.BRM_MANAGER
        person = User.objects.create_user(f"p-{n}@example.gov", name=f"Person {n}", role=role)
        capacity = Membership.Capacity.MANAGER_BACKUP if role == Role.BRM_MANAGER else Membership.Capacity.MEMBER
        Membership.objects.create(user=person, organization=organization, capacity=capacity, starts_on=LONG_AGO)


def _measure() -> None:
    """All measurements at once, their identity checked last and nothing marked: the measures make their own marks."""
    identity = next(each for each in Measurement._meta.constraints if each.name == "measurement_identity")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Measurement, identity)
    run(TRIGGERS.format(verb="DISABLE"))
    run(MEASURE, DAYS - 1)
    run(TRIGGERS.format(verb="ENABLE"))
    with connection.schema_editor() as editor:
        editor.add_constraint(Measurement, identity)
