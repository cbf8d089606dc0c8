"""The demo's data: a real department's figures, and one login per role with a place in them."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import pghistory
from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from agencies.it_dashboard.loading import METHODOLOGY_CODE, import_folder
from agencies.it_dashboard.rows import Kind
from kernel.access import Role
from kernel.accounts.models import User
from kernel.accounts.operations import issue_token, revoke_token
from kernel.accounts.scopes import all_scopes
from kernel.directory.models import Alias, Membership, Organization
from metrics.measurements.folding import fold_due
from metrics.methodologies.scoring import add_months
from metrics.models import Methodology
from metrics.outcomes.reading import refresh_outcome_readings
from vendors.contracts.terms import NoticeUnit
from vendors.identity.suggesting import find_duplicates
from vendors.imports.catalogue.loading import SOURCE as CATALOGUE_SOURCE
from vendors.imports.catalogue.loading import import_catalogue
from vendors.imports.catalogue.rows import SERVICE_PREFIX
from vendors.models import Contract, Integration, Scorecard, Service, Vendor
from vendors.scorecards.computing import compute_scorecards, pull_series_changes
from vendors.scorecards.publishing import publish_scorecards

DATA = settings.BASE_DIR / "agencies" / "it_dashboard" / "data" / "usda-2021"
CATALOGUE = settings.BASE_DIR / "vendors" / "imports" / "catalogue" / "data" / "fedramp-usda-2025" / "marketplace.json"
PASSWORD = "demo-portal-2021"
DOMAIN = "demo.example"
DATA_BEGINS = datetime.date(2020, 1, 1)
TOKEN_LIVES = datetime.timedelta(days=30)

DEPARTMENT = "005"
CIO_OFFICE = "005-12"
FOREST_SERVICE = "005-96"
INTEGRATOR = "demo-integrator"

# First month and length of every period that the data can be judged by.
QUARTERS = [(datetime.date(year, month, 1), 3) for year in (2020, 2021) for month in (1, 4, 7, 10)][:6]
PERIODS = [*QUARTERS, (datetime.date(2020, 1, 1), 12), (datetime.date(2020, 7, 1), 12)]

Say = Callable[[str], None]


@dataclass(frozen=True)
class Login:
    """One row of what the demo prints: a role, whose login it is, and what to know about it."""

    role: str
    email: str
    note: str


@dataclass(frozen=True)
class Demo:
    """Who can enter the demo: people with the password, an integration with its token."""

    logins: list[Login]
    token: str


@dataclass(frozen=True)
class Player:
    """A demo user's name, role and places in the data, by organization code."""

    email: str
    name: str
    role: Role
    note: str
    capacity: Membership.Capacity = Membership.Capacity.MEMBER
    organizations: tuple[str, ...] = ()


PLAYERS = (
    Player("cio", "Carmen Ortiz", Role.CIO_OFFICE, "Office of the CIO", organizations=(CIO_OFFICE,)),
    Player(
        "manager",
        "Marcus Reed",
        Role.BRM_MANAGER,
        "manages three bureaus, one of which serves the others",
        Membership.Capacity.MANAGER_PRIMARY,
        ("005-84", "005-96", "005-14"),
    ),
    Player("agency", "Alice Nguyen", Role.AGENCY_MEMBER, "Food and Nutrition Service", organizations=("005-84",)),
    Player("vendor", "Victor Hale", Role.VENDOR_MEMBER, "Forest Service", organizations=("005-96",)),
    Player(
        "msi",
        "Mina Sato",
        Role.MSI_MEMBER,
        "Keystone Integration, for two suppliers",
        Membership.Capacity.MSI,
        (INTEGRATOR,),
    ),
    Player("auditor", "Audrey Bloom", Role.AUDITOR, "first sets up a second factor"),
)
INTEGRATED_SUPPLIERS = (CIO_OFFICE, "005-14")
# The data knows no ends and no notice. These are made up, so that calendar and contract pages have something to show:
# months until the end, notice and its unit, months of a renewal, how many are left, whether it renews by itself.
TERMS = (
    (2, 30, NoticeUnit.DAYS, 12, 2, True),
    (3, 3, NoticeUnit.MONTHS, None, None, False),
    (4, 90, NoticeUnit.DAYS, 24, 1, False),
    (6, 3, NoticeUnit.MONTHS, 12, None, True),
    (8, 6, NoticeUnit.MONTHS, 36, 1, False),
    (9, 60, NoticeUnit.DAYS, 12, 3, True),
    (11, 1, NoticeUnit.MONTHS, None, None, False),
    (14, 6, NoticeUnit.MONTHS, 12, 1, True),
    (18, 3, NoticeUnit.MONTHS, 24, 2, False),
    (24, 12, NoticeUnit.MONTHS, 60, 1, False),
)


def load_demo(*, say: Say) -> Demo:
    """Load, compute and publish what is missing, and return who can enter."""
    with pghistory.context(command="run_demo"):
        if not Organization.objects.filter(code=CIO_OFFICE).exists():
            say("Importing one department's export of the federal IT Dashboard …")
            report = import_folder(DATA)
            results = report.counts[Kind.MEASUREMENT].created
            say(f"Imported {results:,} dated results; {len(report.refused):,} rows were refused.")
            _agree_terms()
        if not Service.objects.filter(code__startswith=SERVICE_PREFIX).exists():
            say("Importing the cloud services that the department uses, from the FedRAMP Marketplace …")
            _know_the_department()
            import_catalogue(name=CATALOGUE.name, opened=lambda: CATALOGUE.open("rb"))
            find_duplicates()
        users = _players()
        _publish(users["cio"], say)
        return Demo(logins=_logins(), token=_new_token(users["cio"]))


@transaction.atomic
def _players() -> dict[str, User]:
    """Create the users, and their places in the data, that are not there yet."""
    Organization.objects.filter(code=CIO_OFFICE, is_cio_office=False).update(is_cio_office=True)
    _integrator()
    return {player.email: _player(player) for player in PLAYERS}


def _player(player: Player) -> User:
    email = f"{player.email}@{DOMAIN}"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, PASSWORD, name=player.name, role=player.role)
    for organization in Organization.objects.filter(code__in=player.organizations):
        Membership.objects.get_or_create(
            user=user,
            organization=organization,
            defaults={"capacity": player.capacity, "starts_on": DATA_BEGINS},
        )
    return user


def _agree_terms() -> None:
    """Let contracts end with months to come, each kind of terms once; those of the demo's manager come first."""
    managed = next(player.organizations for player in PLAYERS if player.role == Role.BRM_MANAGER)
    first = Case(When(vendor__organization__code__in=managed, then=Value(0)), default=Value(1))
    this_month = timezone.localdate().replace(day=1)
    contracts = Contract.objects.filter(ends_on=None).order_by(first, F("value").desc(nulls_last=True), "number")
    for contract, (months, period, unit, renewal, left, by_itself) in zip(contracts, TERMS, strict=False):
        contract.ends_on = add_months(this_month, months + 1) - datetime.timedelta(days=1)
        contract.notice_period, contract.notice_unit = period, unit
        contract.renewal_months, contract.renewals_left, contract.renews_automatically = renewal, left, by_itself
        contract.save()


def _know_the_department() -> None:
    """The marketplace writes out whose Forest Service it is; and the department is no other jurisdiction here."""
    forest_service = Organization.objects.get(code=FOREST_SERVICE)
    Alias.objects.get_or_create(
        organization=forest_service, name="United States Forest Service", defaults={"source": CATALOGUE_SOURCE}
    )
    department = Organization.objects.get(code=DEPARTMENT)
    Vendor.objects.get_or_create(organization=department, defaults={"kind": Vendor.Kind.INTERNAL})


def _integrator() -> None:
    """The data names no multisource integrator; this one is made up."""
    integrator, _ = Organization.objects.get_or_create(code=INTEGRATOR, defaults={"name": "Keystone Integration"})
    for supplier in Vendor.objects.filter(organization__code__in=INTEGRATED_SUPPLIERS):
        Integration.objects.get_or_create(integrator=integrator, supplier=supplier, defaults={"starts_on": DATA_BEGINS})


def _publish(cio: User, say: Say) -> None:
    """Compute and publish the scorecards of every period that has none yet."""
    methodology = Methodology.objects.get(code=METHODOLOGY_CODE)
    done = set(Scorecard.objects.filter(methodology=methodology).values_list("period_start", "months").distinct())
    missing = [period for period in PERIODS if period not in done]
    if not missing:
        return
    say(f"Computing and publishing the scorecards of {len(missing)} periods …")
    fold_due()
    pull_series_changes()
    for period_start, months in missing:
        compute_scorecards(
            period_start=period_start, months=months, methodology=methodology, vendors=Vendor.objects.all()
        )
        scorecards = Scorecard.objects.filter(period_start=period_start, months=months, methodology=methodology)
        publish_scorecards(scorecards=scorecards, by=cio)
    refresh_outcome_readings()


def _logins() -> list[Login]:
    return [Login(str(player.role.label), f"{player.email}@{DOMAIN}", player.note) for player in PLAYERS]


def _new_token(owner: User) -> str:
    """Give the integration a fresh token, for nobody can be shown an old one."""
    email = f"integration@{DOMAIN}"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, None, name="Data exchange", role=Role.INTEGRATION, owner=owner)
    for token in user.api_tokens.filter(revoked_at=None):
        revoke_token(token=token, by=owner)
    scopes = [scope for scope in all_scopes() if scope.endswith(":read")]
    _, secret = issue_token(user=user, name="Demo", scopes=scopes, expires_at=timezone.now() + TOKEN_LIVES, by=owner)
    return secret
