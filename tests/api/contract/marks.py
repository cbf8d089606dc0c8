"""What tells whose rows an answer speaks of: every row says something that nothing else says."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pgtrigger
from django.db.models import Model

from agencies.models import Agency
from brm_portal.api import VIEWSETS
from kernel.directory.models import Contact, OrganizationMerge
from kernel.jobs.models import Job
from kernel.saved_views.models import SavedView
from metrics.models import Indicator, Measurement, Methodology, Outcome, OutcomeSeries, Series, Target
from tests.access_table import TABLE, VISITORS
from tests.conftest import JANUARY, Cast, World, make_contract, make_service_level
from tests.test_access import Rows
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import (
    Amendment,
    Contract,
    ContractImport,
    Integration,
    LikelyDuplicate,
    Milestone,
    Payment,
    Scorecard,
    Service,
    ServiceLevel,
    ServiceLevelTemplate,
    Subscription,
    Vendor,
)

# Fields that lists show, with what they then hold in our row and in theirs.
MARKED: dict[type[Model], dict[str, tuple[Any, Any]]] = {
    Amendment: {"description": ("amended-for-health", "amended-for-parks")},
    Agency: {"mission": ("mission-of-health", "mission-of-parks")},
    Contact: {"name": ("name-in-health", "name-in-parks")},
    Contract: {"number": ("number-of-health", "number-of-parks"), "title": ("title-of-health", "title-of-parks")},
    Indicator: {"description": ("indicator-of-health", "indicator-of-parks")},
    ContractImport: {"file_name": ("sent-by-office.csv", "sent-by-vendor.csv")},
    SavedView: {"name": ("view-of-health", "view-of-rival")},
    Integration: {"ends_on": (datetime.date(2091, 3, 1), datetime.date(2091, 3, 2))},
    LikelyDuplicate: {"certainty": (Decimal("0.613"), Decimal("0.614"))},
    OrganizationMerge: {"reason": ("merged-with-acme", "merged-with-rival")},
    Job: {"title": ("job-of-manager", "job-of-portal")},
    Measurement: {"comment": ("measured-for-health", "measured-for-parks")},
    Milestone: {"description": ("milestone-of-health", "milestone-of-parks")},
    Payment: {"payee_name": ("paid-for-health", "paid-for-parks")},
    Methodology: {},  # one, and everybody may read it
    Outcome: {"code": ("outcome-of-health", "outcome-of-parks"), "name": ("change-of-health", "change-of-parks")},
    OutcomeSeries: {"weight": (Decimal("6.123"), Decimal("6.321"))},
    Scorecard: {"coverage": (Decimal("0.123456781"), Decimal("0.123456782"))},
    Series: {"code": ("series-of-health", "series-of-parks")},
    Service: {"description": ("service-of-acme", "service-of-rival")},
    ServiceLevelTemplate: {},  # everybody may read them
    ServiceLevel: {"weight": (Decimal("7.123"), Decimal("7.321"))},
    Subscription: {"ends_on": (datetime.date(2091, 5, 1), datetime.date(2091, 5, 2))},
    Target: {"reason": ("agreed-with-health", "agreed-with-parks")},
    Vendor: {"website": ("https://acme.example/", "https://rival.example/")},
}
SPENDING = (Decimal("7654321.09"), Decimal("7654321.08"))


@dataclass(frozen=True)
class Mark:
    """A text that stands in the answers to `readers` alone."""

    text: str
    readers: frozenset[str]


def mark_rows(rows: tuple[Rows, Rows]) -> list[Mark]:
    """Mark a row of each resource on both sides; who may read it stands in the access table."""
    marks = []
    for viewset in VIEWSETS:
        model = viewset.queryset.model  # type: ignore[union-attr]  # every viewset has rows
        line = TABLE[f"api:{viewset.resource}-detail"]
        for side, letters in enumerate((line.ours, line.theirs)):
            readers = frozenset(visitor for visitor, sign in zip(VISITORS, letters, strict=True) if sign == "o")
            values = {name: both[side] for name, both in MARKED[model].items()}
            write(rows[side][model], **values)
            marks += [Mark(str(value), readers) for value in values.values()]
    return [*marks, *mark_spending(rows)]


def mark_spending(rows: tuple[Rows, Rows]) -> list[Mark]:
    """Mark what a service costs, which fewer may read than the service."""
    office = {"cio", "manager", "auditor"}
    for side, amount in zip(rows, SPENDING, strict=True):
        write(side[Service], yearly_spending=amount)
    return [
        Mark(str(SPENDING[0]), frozenset(office | {"vendor_member"})),
        Mark(str(SPENDING[1]), frozenset(office)),
    ]


def mark_shared(world: World, cast: Cast) -> list[Mark]:
    """Have Acme serve Parks too, scored together with what it does for Health, which may not read of it."""
    contract = make_contract("number-of-both", world.acme, world.parks)
    level = make_service_level("C-9-queues", contract, dimension="outcomes")
    write(level.series, code="series-of-both")  # its indicator, which everybody may read, keeps the first code
    lines = {world.service_level: 80, level: 60}
    make_scorecard(world.acme, world.methodology, JANUARY, by=cast.cio, lines=lines)
    parties = {"cio", "manager", "auditor", "vendor_member"}
    return [
        Mark("number-of-both", frozenset(parties)),
        Mark("series-of-both", frozenset(parties | {"msi_member"})),
    ]


def write(row: Any, **values: Any) -> None:
    """Put values into a row, published or not."""
    for name, value in values.items():
        setattr(row, name, value)
    if values:
        with pgtrigger.ignore():
            type(row)._default_manager.filter(pk=row.pk).update(**values)
