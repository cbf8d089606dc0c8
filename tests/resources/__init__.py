"""Every kind of rows in one entry, which all tests that walk everything read.

A new model: write its entry in its room's file here: how a row is made for a `Side` (ours, theirs and more: hang it
on what the side has), which pages it has and who gets what from them (`letters.py` has the patterns), and, if the API
has it, its name there, who reads and changes it, a body that creates one and a change, queries beside, and a mark.
A new room: add its module to ROOMS. A new role: a person to `Cast`, a visitor and one letter a pattern.
A route that no entry and no table of ROUTES knows fails `tests/test_access.py`.
"""

from types import ModuleType

from kernel.accounts.models import User
from kernel.directory.models import Organization
from tests.conftest import (
    JANUARY,
    Cast,
    World,
    make_agency,
    make_contract,
    make_methodology,
    make_service_level,
    make_vendor,
)
from tests.resources import agencies, building, kernel, metrics, vendors
from tests.resources.entry import Resource, Side
from tests.resources.letters import VISITORS, Line
from vendors.models import Service

__all__ = [
    "BY_NAME",
    "RESOURCES",
    "ROOMS",
    "TABLE",
    "VISITORS",
    "Line",
    "Resource",
    "Rows",
    "Side",
    "another_side",
    "make_rows",
    "sides",
]

ROOMS: tuple[ModuleType, ...] = (kernel, metrics, vendors, agencies, building)
RESOURCES: tuple[Resource, ...] = tuple(resource for room in ROOMS for resource in room.RESOURCES)
# Of those, what the API has.
BY_NAME = {resource.name: resource for resource in RESOURCES if resource.name}
MAKERS = {resource.model: resource.make for resource in RESOURCES}

# What visitors get from each route.
TABLE: dict[str, Line] = {}
for known_room in ROOMS:
    TABLE |= known_room.ROUTES
for known_resource in RESOURCES:
    TABLE |= known_resource.lines()

Rows = tuple[Side, Side]


def make_rows(world: World, cast: Cast) -> Rows:
    """Ours and theirs of each model."""
    ours, theirs = sides(world, cast)
    return filled(ours), filled(theirs)


def sides(world: World, cast: Cast) -> Rows:
    """Ours and theirs, before a row was asked for."""
    integrator = Organization.objects.create(code="other-msi", name="Other Integrator")
    service = Service.objects.create(code="mowing", name="Mowing", provider=world.rival)
    ours = Side(
        "ours",
        world,
        cast,
        agency=world.health,
        vendor=world.acme,
        contract=world.contract,
        service=world.service,
        level=world.service_level,
        methodology=world.methodology,
        integrator=world.integrator,
        member=cast.agency_member,
        makers=MAKERS,
    )
    theirs = Side(
        "theirs",
        world,
        cast,
        agency=world.parks,
        vendor=world.rival,
        contract=world.other_contract,
        service=service,
        level=world.other_service_level,
        methodology=world.methodology,
        integrator=integrator,
        member=cast.outsider,
        makers=MAKERS,
    )
    return ours, theirs


def another_side(world: World, cast: Cast, name: str, member: User) -> Side:
    """One more of everything, below Health, so that its members see it too; two of what rows hold several of."""
    agency, vendor = make_agency(name, name, parent=world.health), make_vendor(f"{name}-vendor", name)
    contract = make_contract(name, vendor, agency)
    service = Service.objects.create(code=name, name=name, provider=vendor, contract=contract)
    targets = {JANUARY: (90, 95, 100)}
    levels = [make_service_level(f"{name}-{kind}", contract, service=service, targets=targets) for kind in "ab"]
    return filled(
        Side(
            name,
            world,
            cast,
            agency=agency,
            vendor=vendor,
            contract=contract,
            service=service,
            level=levels[0],
            methodology=make_methodology(name, is_default=False),
            integrator=world.integrator,
            member=member,
            makers=MAKERS,
        )
    )


def filled(side: Side) -> Side:
    """The side with a row of each model."""
    for model in MAKERS:
        side[model]
    return side
