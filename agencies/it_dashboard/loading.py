"""Writing an export into the database: all of it in one transaction, by a fixed number of statements."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pghistory
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q

from agencies.it_dashboard.bureaus import Body, root_of
from agencies.it_dashboard.mapping import make_plan
from agencies.it_dashboard.measures import FIRST_MONTH
from agencies.it_dashboard.planned import Known, Plan
from agencies.it_dashboard.reading import read_export
from agencies.it_dashboard.rows import Export, Kind, Refused
from agencies.models import Agency
from kernel.directory.models import Organization
from kernel.upsert import Counts, Upsert
from metrics.models import (
    GradeBand,
    Indicator,
    Measurement,
    Methodology,
    Outcome,
    OutcomeSeries,
    Series,
    Target,
)
from vendors.models import Contract, Service, ServiceLevel, Subscription, Vendor

# One import at a time; a key of PostgreSQL's advisory locks.
IMPORT_LOCK = 0x69746462
METHODOLOGY_FILE = Path(__file__).parent / "data" / "methodology.json"
METHODOLOGY_CODE = "federal-it-dashboard"
CURRENCY = "USD"

DEPARTMENT = Upsert(Organization, ("code",), ("name",))
BUREAU = Upsert(Organization, ("code",), ("name", "parent_id"))
AGENCY = Upsert(Agency, ("organization_id",))
VENDOR = Upsert(Vendor, ("organization_id",), ("segment",), ("kind",))
CONTRACT = Upsert(
    Contract,
    ("number",),
    ("title", "vendor_id", "agency_id", "value", "starts_on", "criticality", "holder"),
    ("kind", "currency"),
)
SERVICE = Upsert(
    Service, ("code",), ("name", "provider_id", "contract_id", "yearly_spending"), ("lifecycle", "currency")
)
INDICATOR = Upsert(Indicator, ("code",), ("name", "cadence", "unit", "direction", "aggregation"))
SERIES = Upsert(Series, ("code",), ("indicator_id", "agency_id", "provider_id"), ("direction",))
TARGET = Upsert(Target, ("series_id", "effective_from"), ("floor", "target"), ("stretch", "direction"))
SERVICE_LEVEL = Upsert(
    ServiceLevel, ("series_id",), ("contract_id", "service_id", "dimension", "last_month"), ("first_month", "weight")
)
OUTCOME = Upsert(Outcome, ("code",), ("organization_id", "name"))
OUTCOME_SERIES = Upsert(OutcomeSeries, ("outcome_id", "series_id"))
MEASUREMENT = Upsert(
    Measurement, ("series_id", "observed_on", "reference"), ("value", "numerator", "denominator", "comment")
)


@dataclass
class Report:
    """What an import did: counts by kind, and every row that was refused."""

    counts: dict[Kind, Counts] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    def changed_nothing(self) -> bool:
        """Whether everything stood in the database already."""
        return not any(counts.created or counts.replaced for counts in self.counts.values())

    def refused_of(self, kind: Kind) -> int:
        """How many rows were refused that would have become a `kind`."""
        return sum(refused.kind == kind for refused in self.refused)


def import_folder(folder: Path, *, step: Callable[[str], None] = lambda _label: None) -> Report:
    """Import an export; raises BrokenExportError, with nothing written, where it cannot be read as a whole.

    Idempotent: what is there already is left untouched. `step` hears of every piece of work before it begins.
    """
    step(str(folder))
    export = read_export(folder)
    with transaction.atomic(), pghistory.context(command="import_it_dashboard"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
        plan = make_plan(export, read_known(export))
        report = Report(refused=sorted(plan.refused, key=lambda row: (row.place.file, row.place.line)))
        for kind, write in WRITERS.items():
            step(str(kind.label))
            report.counts[kind] = write(plan)
        return report


def read_known(export: Export) -> Known:
    """What stands in the database already of what an export speaks of."""
    roots = {row.root_code for row in export.investments} | {root_of(row.uii) for row in export.portfolio}
    agencies = Organization.objects.filter(Q(code__in=roots) | Q(parent__code__in=roots), agency__isnull=False)
    bodies = agencies.order_by("code").values_list("code", "name", "parent__code")
    measured = Contract.objects.filter(
        Exists(ServiceLevel.objects.filter(contract=OuterRef("pk"))), number__in=[row.uii for row in export.investments]
    ).values_list("number", "vendor__organization__code", "agency__code")
    indicators = Indicator.objects.filter(code__in=[row.code for row in export.metrics])
    return Known(
        bodies=tuple(Body(code, name, None if code in roots else root) for code, name, root in bodies),
        bureaus_of_contracts={
            number: vendor if vendor == agency else f"{vendor} / {agency}" for number, vendor, agency in measured
        },
        indicators={
            code: (unit, direction, aggregation)
            for code, unit, direction, aggregation in indicators.values_list("code", "unit", "direction", "aggregation")
        },
    )


def _ids(model: type[models.Model], key: str, values: Iterable[str]) -> dict[str, int]:
    """The primary keys of rows by their natural key."""
    return dict(model._base_manager.filter(**{f"{key}__in": set(values)}).values_list(key, "pk"))


def _write_organizations(plan: Plan) -> Counts:
    departments = DEPARTMENT.write((body.code, body.name) for body in plan.bodies if body.root is None)
    bodies = _bodies(plan)
    return departments + BUREAU.write(
        (body.code, body.name, bodies[body.root]) for body in plan.bodies if body.root is not None
    )


def _bodies(plan: Plan) -> dict[str, int]:
    subscribers = {subscription.agency for subscription in plan.subscriptions}
    return _ids(Organization, "code", subscribers | {body.code for body in plan.bodies})


def _write_agencies(plan: Plan) -> Counts:
    bodies = _bodies(plan)
    return AGENCY.write((bodies[body.code],) for body in plan.bodies)


def _write_vendors(plan: Plan) -> Counts:
    bodies = _bodies(plan)
    return VENDOR.write((bodies[code], segment, Vendor.Kind.INTERNAL) for code, segment in plan.segments.items())


def _write_contracts(plan: Plan) -> Counts:
    bodies = _bodies(plan)
    return CONTRACT.write(
        (
            row.number,
            row.title,
            bodies[row.bureau],
            bodies[row.bureau],
            row.value,
            row.starts_on,
            row.criticality,
            row.holder,
            Contract.Kind.INTERNAL_AGREEMENT,
            CURRENCY,
        )
        for row in plan.contracts
    )


def _contracts(plan: Plan) -> dict[str, int]:
    return _ids(Contract, "number", (row.number for row in plan.contracts))


def _write_services(plan: Plan) -> Counts:
    bodies, contracts = _bodies(plan), _contracts(plan)
    return SERVICE.write(
        (
            row.code,
            row.name,
            bodies[row.provider],
            contracts[row.contract] if row.contract else None,
            row.yearly_spending,
            Service.Lifecycle.LIVE,
            CURRENCY,
        )
        for row in plan.services
    )


def _write_subscriptions(plan: Plan) -> Counts:
    """Subscriptions have no natural key: an agency may come back; one that ended stays ended."""
    bodies = _bodies(plan)
    services = _ids(Service, "code", (row.code for row in plan.services))
    wanted = {(bodies[row.agency], services[row.service]): row.starts_on for row in plan.subscriptions}
    present = set(
        Subscription.objects.filter(service__in=services.values()).values_list("agency_id", "service_id").distinct()
    )
    missing = [
        Subscription(agency_id=agency, service_id=service, starts_on=starts_on)
        for (agency, service), starts_on in wanted.items()
        if (agency, service) not in present
    ]
    Subscription.objects.bulk_create(missing, batch_size=2000)
    return Counts(created=len(missing), unchanged=len(wanted) - len(missing))


def _write_indicators(plan: Plan) -> Counts:
    return INDICATOR.write(dict.fromkeys(level.indicator for level in plan.levels))


def _write_series(plan: Plan) -> Counts:
    bodies = _bodies(plan)
    bureaus = {contract.number: bodies[contract.bureau] for contract in plan.contracts}
    indicators = _ids(Indicator, "code", (level.indicator.code for level in plan.levels))
    return SERIES.write(
        (
            level.code,
            indicators[level.indicator.code],
            bureaus[level.contract],
            bureaus[level.contract],
            level.indicator.direction,
        )
        for level in plan.levels
    )


def _series(plan: Plan) -> dict[str, int]:
    return _ids(Series, "code", (level.code for level in plan.levels))


def _write_targets(plan: Plan) -> Counts:
    series = _series(plan)
    return TARGET.write((series[code], *figures) for code, *figures in plan.targets)


def _write_service_levels(plan: Plan) -> Counts:
    series, contracts = _series(plan), _contracts(plan)
    services = _ids(Service, "code", contracts)
    return SERVICE_LEVEL.write(
        (
            series[level.code],
            contracts[level.contract],
            services[level.contract],
            level.dimension,
            level.last_month,
            FIRST_MONTH,
            Decimal(1),
        )
        for level in plan.levels
    )


def _write_outcomes(plan: Plan) -> Counts:
    bodies = _bodies(plan)
    return OUTCOME.write((row.code, bodies[row.organization], row.name) for row in plan.outcomes.values())


def _write_outcome_series(plan: Plan) -> Counts:
    series = _series(plan)
    outcomes = _ids(Outcome, "code", plan.outcomes)
    return OUTCOME_SERIES.write((outcomes[outcome], series[code]) for outcome, code in plan.outcome_series)


def _write_measurements(plan: Plan) -> Counts:
    series = _series(plan)
    return MEASUREMENT.write((series[code], *rest) for code, *rest in plan.measurements)


def _write_methodology(_plan: Plan) -> Counts:
    """The method such data is scored with, for it has no measures of relationship; once made it is not changed."""
    if Methodology.objects.filter(code=METHODOLOGY_CODE).exists():
        return Counts(unchanged=1)
    method: dict[str, Any] = json.loads(METHODOLOGY_FILE.read_text(encoding="utf-8"), parse_float=Decimal)
    methodology = Methodology.objects.create(
        code=METHODOLOGY_CODE,
        name=method["name"],
        score_at_target=method["score_at_target"],
        minimum_coverage=method["minimum_coverage"],
        **{f"{dimension}_weight": weight for dimension, weight in method["weights"].items()},
    )
    GradeBand.objects.bulk_create(
        GradeBand(methodology=methodology, position=position, lower_bound=lower_bound, name=name)
        for position, (lower_bound, name) in enumerate(method["bands"], start=1)
    )
    return Counts(created=1)


# In the order in which rows refer to each other.
WRITERS: dict[Kind, Callable[[Plan], Counts]] = {
    Kind.ORGANIZATION: _write_organizations,
    Kind.AGENCY: _write_agencies,
    Kind.VENDOR: _write_vendors,
    Kind.CONTRACT: _write_contracts,
    Kind.SERVICE: _write_services,
    Kind.SUBSCRIPTION: _write_subscriptions,
    Kind.INDICATOR: _write_indicators,
    Kind.SERIES: _write_series,
    Kind.TARGET: _write_targets,
    Kind.SERVICE_LEVEL: _write_service_levels,
    Kind.OUTCOME: _write_outcomes,
    Kind.OUTCOME_SERIES: _write_outcome_series,
    Kind.MEASUREMENT: _write_measurements,
    Kind.METHODOLOGY: _write_methodology,
}
