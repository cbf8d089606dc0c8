"""A fixed number of queries for every list and every row, however many rows there are.

Every request: 1 the session's user, and for an auditor 1 more for the second factor. A list: 1 the count, 1 the rows.
A row: 1. What lies beside is named in the table.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.accounts.models import User
from kernel.directory.models import Contact, OrganizationMerge
from kernel.jobs.models import Job
from kernel.saved_views.models import SavedView
from metrics.models import Measurement, Outcome, OutcomeSeries, Target
from tests.api.parts import parts_of
from tests.conftest import (
    JANUARY,
    LONG_AGO,
    Cast,
    World,
    make_agency,
    make_contract,
    make_methodology,
    make_service_level,
    make_vendor,
)
from tests.vendors.identity.rows import make_merge, make_pair
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import (
    Amendment,
    ContractImport,
    Integration,
    LikelyDuplicate,
    Milestone,
    Payment,
    Service,
    ServiceLevelTemplate,
    Subscription,
)

# Queries beside the user, the count and the rows, of a list and of a row.
BESIDE = {
    "agencies": (0, 0),
    "contacts": (0, 0),
    "vendors": (0, 0),
    "likely-duplicates": (0, 0),
    "merges": (1, 1),  # what went along
    "contracts": (0, 3),  # of a single one its amendments, their targets, and its milestones
    "contract-imports": (0, 0),
    "saved-views": (0, 0),
    "amendments": (1, 1),  # the targets they agreed
    "milestones": (0, 0),
    "payments": (0, 0),
    "services": (1, 1),  # the contracts among them that the user may see
    "subscriptions": (0, 0),
    "integrations": (0, 0),
    "service-levels": (2, 2),  # likewise the contracts and the services
    "service-level-templates": (0, 0),
    "indicators": (0, 0),
    "series": (0, 0),
    "targets": (0, 0),
    "measurements": (0, 0),
    "outcomes": (3, 3),  # the latest month judged; which series measure each, and their codes
    "outcome-measures": (0, 0),
    "methodologies": (1, 1),  # grade bands
    "jobs": (0, 0),
    "scorecards": (0, 2),  # of a single one its dimensions and lines
}


NOT_FOR_AGENCIES = {"integrations", "likely-duplicates", "merges", "contract-imports"}


def grow(world: World, cast: Cast, number: int) -> None:
    """One more of everything, which the vendor and agency of the cast see."""
    Contact.objects.create(organization=world.health, name=f"Contact {number}")
    make_agency(f"bureau-{number}", f"Bureau {number}", parent=world.health)
    Job.objects.create(kind="test", title="Test", requested_by=cast.cio).joined_by.add(cast.agency_member)
    vendor = make_vendor(f"vendor-{number}", f"Vendor {number}")
    make_pair(f"pair-{number}")
    ContractImport.objects.create(file_name=f"{number}.csv", started_by=cast.cio)
    for user in (cast.cio, cast.agency_member):
        SavedView.objects.create(owner=user, page="vendors:vendor_list", name=f"View {number}")
    make_merge(vendor, cast.cio)
    contract = make_contract(f"N-{number}", vendor, world.health)
    parts_of(contract)
    service = Service.objects.create(code=f"s-{number}", name=f"S {number}", provider=vendor, contract=contract)
    Subscription.objects.create(agency=world.health, service=service, starts_on=LONG_AGO)
    Integration.objects.create(
        integrator=world.integrator, supplier=world.acme, service=world.service, starts_on=LONG_AGO
    )
    for code in (f"sl-{number}", f"sl-{number}-more"):
        level = make_service_level(
            code, contract, service=service, targets={JANUARY: (Decimal(1), Decimal(2), Decimal(3))}
        )
        Measurement.objects.create(series=level.series, observed_on=JANUARY, value=1)
        ServiceLevelTemplate.objects.create(
            code=code, name=code, indicator=level.series.indicator, dimension="outcomes", target=95
        )
        outcome = Outcome.objects.create(code=f"o-{code}", name=code, organization=world.health)
        OutcomeSeries.objects.create(outcome=outcome, series=level.series)
        lines = {level: 80, world.service_level: 70}
        make_scorecard(vendor, make_methodology(f"m-{code}", is_default=False), JANUARY, by=cast.cio, lines=lines)


def count(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200
    return len(queries)


def keys_of_newest(world: World, role: str) -> dict[str, Any]:
    target = Target.objects.latest("pk")
    return {
        "agencies": "bureau-1",
        "contacts": Contact.objects.latest("pk").pk,
        "vendors": "vendor-1",
        "likely-duplicates": LikelyDuplicate.objects.latest("pk").pk,
        "merges": OrganizationMerge.objects.latest("pk").pk,
        "contracts": "N-1",
        "contract-imports": ContractImport.objects.latest("pk").pk,
        "saved-views": SavedView.objects.filter(owner__role=role).latest("pk").pk,
        "amendments": Amendment.objects.latest("pk").pk,
        "milestones": Milestone.objects.latest("pk").pk,
        "payments": Payment.objects.latest("pk").pk,
        "services": "s-1",
        "subscriptions": Subscription.objects.latest("pk").pk,
        "integrations": Integration.objects.latest("pk").pk,
        "service-levels": "sl-1",
        "service-level-templates": ServiceLevelTemplate.objects.latest("pk").code,
        "indicators": "sl-1",
        "series": "sl-1",
        "targets": target.pk,
        "measurements": Measurement.objects.latest("pk").pk,
        "outcomes": "o-sl-1",
        "outcome-measures": OutcomeSeries.objects.latest("pk").pk,
        "methodologies": "m-sl-1",
        "jobs": Job.objects.latest("pk").pk,
        "scorecards": target.series.service_level.scorecard_lines.latest("pk").scorecard_id,
    }


@pytest.mark.parametrize("role", ["cio", "agency_member"])
def test_queries_do_not_grow_with_rows(cast: Cast, world: World, login: Callable[[User], Client], role: str) -> None:
    client = login(cast.by_role()[role])
    expected = {name: queries for name, queries in BESIDE.items() if role == "cio" or name not in NOT_FOR_AGENCIES}
    counted = []
    for number in (1, 2):
        grow(world, cast, number)
        keys = keys_of_newest(world, cast.by_role()[role].role)
        counted.append(
            {name: (count(client, f"{name}/") - 3, count(client, f"{name}/{keys[name]}/") - 2) for name in expected}
        )
    assert counted == [expected, expected]
