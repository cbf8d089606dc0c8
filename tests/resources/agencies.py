"""Agencies."""

from agencies.models import Agency
from kernel.directory.models import Contact
from tests.resources.entry import Resource, pages_of
from tests.resources.letters import AGENCY_SIDE, EDITORS, EDITORS_AND_AGENCY, Line

RESOURCES = (
    Resource(
        Agency,
        lambda side: side.agency.agency,
        "agencies",
        referred_to_as=("agency", "organization", "parent", "payer"),
        reads=AGENCY_SIDE,
        changes=EDITORS,
        pages={
            **pages_of("agencies:agency", listed=AGENCY_SIDE, reads=AGENCY_SIDE, changes=EDITORS),
            "agencies:contact_create": Line("Looxoxxx", "Looxxxxx"),
            "agencies:contact_update": EDITORS_AND_AGENCY.of(Contact),
        },
        body={"code": "labor", "name": "Labor", "parent": "health", "mission": "Work"},
        change={"name": "Work"},
        marks={"mission": ("mission-of-health", "mission-of-parks")},
    ),
)
ROUTES: dict[str, Line] = {}
