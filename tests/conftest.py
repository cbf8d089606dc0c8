"""The small cast every test plays with: one state, two agencies, two vendors, one person per role, one outsider."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import redis
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import connection
from django.test import Client

from agencies.models import Agency
from kernel.access import Role
from kernel.accounts.models import User
from kernel.directory.models import Membership, Organization
from metrics.models import GradeBand, Indicator, Methodology, Series, Target
from tests.databases import migrated
from vendors.models import Contract, Integration, Service, ServiceLevel, Subscription, Vendor

LONG_AGO = datetime.date(2019, 1, 1)
JANUARY = datetime.date(2020, 1, 1)
PASSWORD = "correct horse battery"


@dataclass
class Cast:
    """Who plays."""

    cio: User
    manager: User
    agency_member: User
    vendor_member: User
    msi_member: User
    auditor: User
    integration: User
    outsider: User  # a vendor member of a vendor that nobody here deals with

    def by_role(self) -> dict[str, User]:
        """Everybody, by role; the outsider under `outsider`."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass
class World:
    """What exists: health buys from Acme under one contract with one service level; Rival serves nobody of the cast."""

    cio_office: Organization
    health: Organization
    parks: Organization
    acme: Vendor
    rival: Vendor
    integrator: Organization
    contract: Contract
    other_contract: Contract
    service: Service
    service_level: ServiceLevel
    other_service_level: ServiceLevel
    methodology: Methodology


def make_agency(code: str, name: str, **fields: object) -> Organization:
    organization = Organization.objects.create(code=code, name=name, **fields)
    Agency.objects.create(organization=organization)
    return organization


def make_vendor(code: str, name: str, kind: str = Vendor.Kind.PRIVATE_PARTNER) -> Vendor:
    organization = Organization.objects.create(code=code, name=name)
    return Vendor.objects.create(organization=organization, kind=kind)


def make_contract(number: str, vendor: Vendor, agency: Organization, **fields: object) -> Contract:
    fields = {"title": f"Agreement {number}", "starts_on": LONG_AGO, "value": Decimal(1_000_000), **fields}
    return Contract.objects.create(number=number, vendor=vendor, agency=agency, **fields)


def make_service_level(
    code: str,
    contract: Contract,
    *,
    dimension: str = "service_quality",
    direction: str = "higher",
    aggregation: str = "mean",
    cadence: str = "monthly",
    unit: str = "%",
    weight: int = 1,
    service: Service | None = None,
    targets: dict[datetime.date, tuple[object, object, object]] | None = None,
) -> ServiceLevel:
    """A service level with its indicator, series and targets `{month: (floor, target, stretch)}`."""
    indicator = Indicator.objects.create(
        code=code, name=f"Indicator {code}", direction=direction, aggregation=aggregation, cadence=cadence, unit=unit
    )
    series = Series.objects.create(
        code=code,
        indicator=indicator,
        direction=direction,
        agency=contract.agency,
        provider=contract.vendor.organization,
    )
    for month, (floor, target, stretch) in (targets or {}).items():
        Target.objects.create(
            series=series, direction=direction, effective_from=month, floor=floor, target=target, stretch=stretch
        )
    return ServiceLevel.objects.create(
        series=series, contract=contract, service=service, dimension=dimension, weight=weight, first_month=JANUARY
    )


def make_methodology(code: str = "default-1", **fields: object) -> Methodology:
    if fields.get("is_default", True):
        Methodology.objects.filter(is_default=True).update(is_default=False)
    methodology = Methodology.objects.create(**{"code": code, "name": code, "is_default": True, **fields})
    bands = [(0, "Unsatisfactory"), (50, "Marginal"), (70, "Satisfactory"), (85, "Very Good"), (95, "Exceptional")]
    GradeBand.objects.bulk_create(
        GradeBand(methodology=methodology, position=position, lower_bound=lower, name=name)
        for position, (lower, name) in enumerate(bands, start=1)
    )
    return methodology


@pytest.fixture(autouse=True, scope="session")
def _empty_redis() -> None:
    """What an earlier run left in this process's Redis database must not reach this one."""
    redis.Redis.from_url(settings.REDIS_URL).flushdb()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any) -> None:
    """A process's database, named after it, is a copy of one that has migrated."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated()


@pytest.fixture
def world(db: None) -> World:
    cio_office = Organization.objects.create(code="cio", name="Office of the CIO", is_cio_office=True)
    health, parks = make_agency("health", "Department of Health"), make_agency("parks", "State Parks")
    acme, rival = make_vendor("acme", "Acme Cloud"), make_vendor("rival", "Rival Systems")
    integrator = Organization.objects.create(code="msi", name="Orchestra Integration")
    contract = make_contract("C-1", acme, health)
    other_contract = make_contract("C-2", rival, parks, holder=Contract.Holder.AGENCY)
    service = Service.objects.create(code="hosting", name="Hosting", provider=acme, contract=contract)
    Subscription.objects.create(agency=health, service=service, starts_on=LONG_AGO)
    Integration.objects.create(integrator=integrator, supplier=acme, starts_on=LONG_AGO)
    targets = {JANUARY: (Decimal(90), Decimal(95), Decimal(100))}
    return World(
        cio_office=cio_office,
        health=health,
        parks=parks,
        acme=acme,
        rival=rival,
        integrator=integrator,
        contract=contract,
        other_contract=other_contract,
        service=service,
        service_level=make_service_level("C-1-uptime", contract, service=service, targets=targets),
        other_service_level=make_service_level("C-2-uptime", other_contract, targets=targets),
        methodology=make_methodology(),
    )


@pytest.fixture
def cast(world: World) -> Cast:
    def person(role: Role, name: str, **fields: object) -> User:
        # Not by `create_user`, which asks the database four times whether it may: every test that has a cast would.
        user = User(email=f"{name}@example.gov", name=name.title(), role=role, **fields)
        user.set_password(PASSWORD)
        user.save()
        return user

    def join(user: User, organization: Organization, capacity: str = Membership.Capacity.MEMBER) -> User:
        Membership.objects.create(user=user, organization=organization, capacity=capacity, starts_on=LONG_AGO)
        return user

    capacity = Membership.Capacity
    cio = join(person(Role.CIO_OFFICE, "carol"), world.cio_office)
    manager = join(person(Role.BRM_MANAGER, "marco"), world.health, capacity.MANAGER_PRIMARY)
    join(manager, world.acme.organization, capacity.MANAGER_PRIMARY)
    auditor = person(Role.AUDITOR, "audra")
    TOTP.activate(auditor, generate_totp_secret())  # Without a second factor nothing opens to an auditor.
    agency_member = join(person(Role.AGENCY_MEMBER, "hanna"), world.health)
    return Cast(
        cio=cio,
        manager=manager,
        agency_member=agency_member,
        vendor_member=join(person(Role.VENDOR_MEMBER, "victor"), world.acme.organization),
        msi_member=join(person(Role.MSI_MEMBER, "mina"), world.integrator, capacity.MSI),
        auditor=auditor,
        integration=person(Role.INTEGRATION, "robot", owner=agency_member),
        outsider=join(person(Role.VENDOR_MEMBER, "oscar"), make_vendor("nobody", "Nobody Inc").organization),
    )


@pytest.fixture
def login(client: Client) -> Callable[[User], Client]:
    """Log a user in: `login(cast.cio).get("/")`."""

    def as_user(user: User) -> Client:
        client.force_login(user, backend="kernel.accounts.backends.PeopleBackend")
        return client

    return as_user
