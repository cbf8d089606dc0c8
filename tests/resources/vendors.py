"""Vendors, contracts and their parts, services, service levels, scorecards, duplicates and files of contracts."""

import datetime
from decimal import Decimal

from kernel.directory.models import OrganizationMerge
from metrics.models import Methodology
from tests.conftest import JANUARY, LONG_AGO
from tests.resources.entry import Resource, Side, pages_of, part_pages
from tests.resources.letters import (
    AGENCY_SIDE,
    ALL_BUT_INTEGRATORS,
    EDITORS,
    EVERYBODY,
    OFFICE_ALONE,
    OFFICE_AND_AUDITOR,
    OFFICE_SEEN_BY_STAFF,
    PARTIES,
    PARTIES_AND_INTEGRATOR,
    SENT_BY_OFFICE,
    STAFF,
    SUPPLIERS,
    Line,
    both,
    to,
)
from tests.vendors.identity.rows import make_merge, make_pair
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


def make_integration(side: Side) -> Integration:
    """The one that the world has of ours."""
    between = {"integrator": side.integrator, "supplier": side.vendor}
    return Integration.objects.get_or_create(**between, defaults={"starts_on": LONG_AGO})[0]


def make_subscription(side: Side) -> Subscription:
    """The one that the world has of ours."""
    between = {"agency": side.agency, "service": side.service}
    return Subscription.objects.get_or_create(**between, defaults={"starts_on": LONG_AGO})[0]


def make_payment(side: Side) -> Payment:
    sides = {"payer": side.agency, "payee": side.vendor.organization}
    return Payment.objects.create(contract=side.contract, reference="P", paid_on=JANUARY, amount=1, **sides)


def make_template(side: Side) -> ServiceLevelTemplate:
    indicator = side.level.series.indicator
    return ServiceLevelTemplate.objects.create(
        code=indicator.code, name="T", indicator=indicator, dimension="outcomes", target=95
    )


def make_card(side: Side) -> Scorecard:
    """Published, with all service levels of the contract as its lines; theirs is a draft."""
    lines = dict.fromkeys(side.contract.service_levels.order_by("pk"), 80)
    by = None if side.is_theirs else side.cast.cio
    return make_scorecard(side.vendor, side.methodology, JANUARY, 12, by=by, lines=lines)


def make_table(side: Side) -> ContractImport:
    """A table of contracts that the office sent; theirs somebody else."""
    row = ContractImport.objects.create(
        file_name=f"{side.name}.csv",
        started_by=side.cast.outsider if side.is_theirs else side.cast.cio,
        holds=ContractImport.Holds.CONTRACT_TABLE,
        settings={"source": "City"},
        report={"created": 1, "refused": 0},
    )
    row.parts.create(kind="sent", position=1, content=b"Contract number,Vendor\n1,Paving\n")
    return row


RESOURCES = (
    Resource(
        Vendor,
        lambda side: side.vendor,
        "vendors",
        referred_to_as=("vendor", "vendors", "provider", "supplier", "payee", "kept"),
        reads=PARTIES_AND_INTEGRATOR,
        changes=EDITORS,
        pages=pages_of("vendors:vendor", listed=EVERYBODY, reads=PARTIES_AND_INTEGRATOR, changes=EDITORS),
        body={"code": "new", "name": "New", "kind": "private_partner"},
        change={"segment": "strategic"},
        marks={"website": ("https://acme.example/", "https://rival.example/")},
    ),
    Resource(
        LikelyDuplicate,
        lambda side: make_pair(side.name),
        "likely-duplicates",
        reads=STAFF,
        actions={"merge": OFFICE_ALONE, "keep-apart": OFFICE_ALONE},
        pages={
            "vendors:duplicate_list": STAFF,
            "vendors:duplicate_create": OFFICE_ALONE,
            "vendors:duplicate_search": SENT_BY_OFFICE,
            "vendors:duplicate_detail": STAFF.sending(OFFICE_SEEN_BY_STAFF).showing(2),
        },
        marks={"certainty": (Decimal("0.613"), Decimal("0.614"))},
    ),
    Resource(
        OrganizationMerge,
        lambda side: make_merge(side.vendor, side.cast.cio),
        "merges",
        reads=STAFF,
        actions={"undo": OFFICE_ALONE},
        pages={
            "vendors:merge_list": STAFF,
            "vendors:merge_detail": STAFF.showing(3),
            "vendors:merge_undo": OFFICE_ALONE,
        },
        beside=(1, 1),  # what went along
        marks={"reason": ("merged-with-acme", "merged-with-rival")},
    ),
    Resource(
        Contract,
        lambda side: side.contract,
        "contracts",
        referred_to_as=("contract",),
        reads=PARTIES,
        changes=EDITORS,
        pages={
            **pages_of("vendors:contract", listed=ALL_BUT_INTEGRATORS, reads=PARTIES, changes=EDITORS),
            "vendors:contract_calendar": ALL_BUT_INTEGRATORS.looking("?view=month"),
            "history:panel": PARTIES,
        },
        body={
            "number": "C-3/a",
            "title": "Third",
            "vendor": "acme",
            "agency": "health",
            "starts_on": "2020-01-01",
            "value": {"amount": "12.50", "currency": "EUR"},
        },
        change={"criticality": 5},
        beside=(0, 3),  # of a single one its amendments, their targets, and its milestones
        marks={"number": ("number-of-health", "number-of-parks"), "title": ("title-of-health", "title-of-parks")},
    ),
    Resource(
        Amendment,
        lambda side: Amendment.objects.create(contract=side.contract, reference="A", value_change=5),
        "amendments",
        reads=PARTIES,
        changes=EDITORS,
        pages=part_pages("vendors:amendment", Contract, EDITORS, also=("remove",)),
        body={
            "contract": "C-1",
            "reference": "A-1",
            "signed_on": "2022-01-15",
            "reason": "Evolution",
            "value_change": "250.00",
            "new_ends_on": "2031-12-31",
            "targets": [{"service_level": "C-1-uptime", "effective_from": "2022-02", "target": "98"}],
        },
        change={"value_change": "200.00"},
        beside=(1, 1),  # the targets they agreed
        marks={"description": ("amended-for-health", "amended-for-parks")},
    ),
    Resource(
        Milestone,
        lambda side: Milestone.objects.create(contract=side.contract, reference="M", title="M"),
        "milestones",
        reads=PARTIES,
        changes=EDITORS,
        pages=part_pages("vendors:milestone", Contract, EDITORS, also=("remove",)),
        body={"contract": "C-1", "reference": "M-1", "title": "Moved in", "due_on": "2022-06-30"},
        change={"status": "met", "met_on": "2022-06-29"},
        marks={"description": ("milestone-of-health", "milestone-of-parks")},
    ),
    Resource(
        Payment,
        make_payment,
        "payments",
        reads=PARTIES,
        changes=EDITORS,
        pages=part_pages("vendors:payment", Contract, EDITORS, also=("remove",)),
        body={
            "contract": "C-1",
            "reference": "P-1",
            "paid_on": "2022-01-31",
            "amount": {"amount": "-12.50", "currency": "USD"},
            "payee": "acme",
        },
        change={"amount": {"amount": "12.50", "currency": "USD"}, "payer": "health"},
        marks={"payee_name": ("paid-for-health", "paid-for-parks")},
    ),
    Resource(
        Service,
        lambda side: side.service,
        "services",
        referred_to_as=("service",),
        reads=Line("Loooooox", "Looooxxx"),  # the catalogue is open to agencies
        changes=EDITORS,
        pages=pages_of("vendors:service", listed=EVERYBODY, reads=Line("Loooooox", "Looooxxx"), changes=EDITORS),
        body={"code": "mail", "name": "Mail", "provider": "acme", "contract": "C-1"},
        change={"contract": None},
        beside=(1, 1),  # the contracts among them that the user may see
        marks={"description": ("service-of-acme", "service-of-rival")},
    ),
    Resource(
        Subscription,
        make_subscription,
        "subscriptions",
        reads=PARTIES,
        changes=EDITORS,
        pages={
            # Health's manager may subscribe Health to any service; for whom is decided by what is sent.
            "vendors:subscription_create": both("Looxxxxx").of(Service),
            "vendors:subscription_update": EDITORS,
        },
        body={"agency": "parks", "service": "hosting", "starts_on": "2020-01-01"},
        change={"ends_on": "2024-12-31"},
        marks={"ends_on": (datetime.date(2091, 5, 1), datetime.date(2091, 5, 2))},
    ),
    Resource(
        Integration,
        make_integration,
        "integrations",
        reads=SUPPLIERS,
        changes=EDITORS,
        pages=part_pages("vendors:integration", Vendor, EDITORS),
        body={"integrator": "msi", "supplier": "acme", "service": "hosting", "starts_on": "2020-01-01"},
        change={"service": None, "ends_on": "2024-12-31"},
        marks={"ends_on": (datetime.date(2091, 3, 1), datetime.date(2091, 3, 2))},
    ),
    Resource(
        ServiceLevel,
        lambda side: side.level,
        "service-levels",
        reads=PARTIES_AND_INTEGRATOR,
        changes=EDITORS,
        pages={
            "vendors:service_level_list": EVERYBODY,
            "vendors:service_level_create": EDITORS.of(Contract),
            "vendors:service_level_detail": PARTIES_AND_INTEGRATOR.showing(4),
            "vendors:service_level_update": EDITORS,
        },
        body={
            "code": "C-1-waiting",
            "contract": "C-1",
            "indicator": "C-1-uptime",
            "dimension": "outcomes",
            "first_month": "2020-07",
            "target": {"effective_from": "2020-07", "floor": "90", "target": "95", "stretch": "99"},
        },
        change={"last_month": "2021-06"},
        beside=(2, 2),  # the contracts and the services among them that the user may see
        marks={"weight": (Decimal("7.123"), Decimal("7.321"))},
    ),
    Resource(
        ServiceLevelTemplate,
        make_template,
        "service-level-templates",
        reads=EVERYBODY,
        changes=OFFICE_ALONE,
        pages={
            "vendors:template_list": STAFF,
            "vendors:template_create": OFFICE_ALONE,
            "vendors:template_update": OFFICE_ALONE,
        },
        body={"code": "calls", "name": "Calls", "indicator": "C-1-uptime", "dimension": "outcomes", "target": "95"},
        change={"floor": "90", "stretch": "99"},
    ),
    Resource(
        Scorecard,
        make_card,
        "scorecards",
        referred_to_as=("scorecards",),
        reads=PARTIES,
        actions_of_list={"compute": EDITORS, "publish": OFFICE_ALONE},
        pages={
            "vendors:scorecard_list": ALL_BUT_INTEGRATORS,
            "vendors:scorecard_compute": EDITORS,
            "vendors:scorecard_publish": OFFICE_ALONE,
            "vendors:scorecard_detail": PARTIES.showing(5),
            "vendors:scorecard_pdf": PARTIES.as_file(),
            "vendors:methodology_preview": STAFF.of(Methodology).showing(3),
            "vendors:methodology_use": OFFICE_ALONE.of(Methodology).showing(3),
        },
        beside=(0, 2),  # of a single one its dimensions and lines
        marks={"coverage": (Decimal("0.123456781"), Decimal("0.123456782"))},
    ),
    Resource(
        ContractImport,
        make_table,
        "contract-imports",
        reads=OFFICE_AND_AUDITOR,
        pages={
            "vendors:contract_import_create": OFFICE_ALONE,
            "vendors:catalogue_import_create": OFFICE_ALONE,
            "vendors:table_import_create": OFFICE_ALONE,
            "vendors:table_import_columns": OFFICE_ALONE.showing(5),
            "vendors:table_import_undo": OFFICE_ALONE.showing(2),
            "vendors:contract_import_detail": OFFICE_AND_AUDITOR.showing(8),
            "vendors:contract_import_run": SENT_BY_OFFICE,
            "vendors:contract_import_refused": OFFICE_AND_AUDITOR.as_file(),
        },
        marks={"file_name": ("sent-by-office.csv", "sent-by-vendor.csv")},
    ),
)

# What is about no row.
ROUTES = {
    "vendors:segments": STAFF,
    "vendors:state_rules": OFFICE_ALONE,
    "vendors:spending": AGENCY_SIDE,
    "api:spending-list": to("uoooofff"),
}
