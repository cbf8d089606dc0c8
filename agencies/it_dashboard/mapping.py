"""The rules of what an export becomes; pure, so that they can be read and tested without a database."""

import datetime
import re
from decimal import Decimal

from django.utils.translation import gettext as _

from agencies.it_dashboard.bureaus import Bureaus, root_of
from agencies.it_dashboard.cells import CENTS
from agencies.it_dashboard.measures import FIRST_MONTH, plan_activities, plan_metrics, plan_ratings
from agencies.it_dashboard.planned import (
    Known,
    Plan,
    PlannedContract,
    PlannedService,
    PlannedSubscription,
    latest,
)
from agencies.it_dashboard.rows import Export, Investment, Kind, PortfolioItem
from vendors.models import Contract, Vendor

# Yearly cost in dollars from which an agreement has a criticality; below the last it is 1.
CRITICALITY_FROM = ((100_000_000, 5), (50_000_000, 4), (20_000_000, 3), (5_000_000, 2))
SEGMENT_OF_CRITICALITY = {
    5: Vendor.Segment.STRATEGIC,
    4: Vendor.Segment.TACTICAL,
    3: Vendor.Segment.TACTICAL,
    2: Vendor.Segment.OPERATIONAL,
    1: Vendor.Segment.COMMODITY,
}
CIO_OFFICE = re.compile(r"\boffice of (the )?chief information officer\b", re.IGNORECASE)


def make_plan(export: Export, known: Known) -> Plan:
    """Everything that is to stand in the database after the import of `export`."""
    plan = Plan(refused=list(export.refused))
    investments = latest(export.investments, lambda row: row.uii, Kind.CONTRACT, plan)
    portfolio = latest(export.portfolio, lambda row: row.uii, Kind.SERVICE, plan)
    bureaus = Bureaus(investments, portfolio, known.bodies)
    investments = [row for row in investments if _is_taken(row, known, plan)]
    plan.contracts = [contract_of(row) for row in investments]
    plan.services = services_of(portfolio, investments, bureaus)
    plan.subscriptions = subscriptions_of(plan.services, investments, bureaus)
    by_uii = {row.uii: row for row in investments}
    plan_metrics(export, by_uii, known, plan)
    plan_activities(export.activities, by_uii, plan)
    plan_ratings(portfolio, by_uii, plan)
    plan.bodies = list(bureaus.met.values())
    plan.segments = segments_of(plan)
    return plan


def _is_taken(row: Investment, known: Known, plan: Plan) -> bool:
    """The parties of an agreement are fixed once it is measured; another bureau needs another agreement."""
    before = known.bureaus_of_contracts.get(row.uii, row.bureau_code)
    if before == row.bureau_code:
        return True
    message = _("it moved from bureau %(before)s to %(after)s, and an agreement that is measured keeps its parties")
    reason = message % {"before": before, "after": row.bureau_code}
    plan.refuse(Kind.CONTRACT, row.place, row.uii, reason)
    return False


def criticality_of(cost: Decimal | None) -> int:
    """How much depends on an investment, 1 to 5, by its yearly cost."""
    return next((criticality for least, criticality in CRITICALITY_FROM if cost is not None and cost >= least), 1)


def contract_of(row: Investment) -> PlannedContract:
    """The agreement that an investment becomes."""
    is_with_cio = CIO_OFFICE.search(row.bureau_name) is not None
    return PlannedContract(
        number=row.uii,
        title=row.title,
        bureau=row.bureau_code,
        value=_money(row.cost),
        starts_on=row.submitted_on,
        criticality=criticality_of(row.cost),
        holder=Contract.Holder.CIO_OFFICE if is_with_cio else Contract.Holder.AGENCY,
    )


def _money(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(CENTS)


def services_of(
    portfolio: list[PortfolioItem], investments: list[Investment], bureaus: Bureaus
) -> list[PlannedService]:
    """The catalogue: the portfolio, and the investments missing from it."""
    agreed = {row.uii for row in investments}
    services = {
        row.uii: PlannedService(
            code=row.uii,
            name=row.title,
            provider=bureaus.named(row.bureau_name, root_of(row.uii)).code,
            contract=row.uii if row.uii in agreed else None,
            yearly_spending=_money(row.spending),
        )
        for row in portfolio
    }
    for row in investments:
        services.setdefault(row.uii, PlannedService(row.uii, row.title, row.bureau_code, row.uii, None))
    return list(services.values())


def subscriptions_of(
    services: list[PlannedService], investments: list[Investment], bureaus: Bureaus
) -> list[PlannedSubscription]:
    """Who uses what: every agency of the department where the service is shared, else its bureau alone."""
    by_uii = {row.uii: row for row in investments}
    subscriptions = []
    for service in services:
        investment = by_uii.get(service.code)
        starts_on: datetime.date = investment.submitted_on if investment else FIRST_MONTH
        agencies = [service.provider]
        if investment and investment.is_shared:
            agencies = [body.code for body in bureaus.of_department(investment.root_code)]
        subscriptions += [PlannedSubscription(agency, service.code, starts_on) for agency in agencies]
    return subscriptions


def segments_of(plan: Plan) -> dict[str, str]:
    """The segment of each vendor: every bureau, and a department that provides services itself."""
    highest: dict[str, int] = {body.code: 1 for body in plan.bodies if body.root is not None}
    highest |= {service.provider: 1 for service in plan.services}
    for contract in plan.contracts:
        highest[contract.bureau] = max(highest[contract.bureau], contract.criticality)
    return {code: SEGMENT_OF_CRITICALITY[criticality] for code, criticality in highest.items()}
