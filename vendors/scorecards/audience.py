"""Audiences of a vendor's published scorecards, counted before anything is published."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kernel.access import Role
from kernel.directory.models import Membership
from vendors.models import Contract, Subscription, Vendor


@dataclass
class Audience:
    """The people and agencies that a vendor's published scorecards reach today."""

    agencies: set[int] = field(default_factory=set)
    agency_people: set[int] = field(default_factory=set)
    vendor_people: set[int] = field(default_factory=set)


def audiences(vendors: Iterable[Vendor]) -> dict[int, Audience]:
    """The audience of each vendor, by the access rule of scorecards: four queries, whatever the number of vendors.

    A membership covers what lies below its organization, so an organization is reached from all along its path.
    """
    reached = {vendor.pk: Audience() for vendor in vendors}
    members = _members(Role.AGENCY_MEMBER)
    contracts = Contract.objects.in_force().filter(vendor__in=reached)
    subscriptions = Subscription.objects.in_force().filter(service__provider__in=reached)
    for rows, vendor in ((contracts, "vendor"), (subscriptions, "service__provider")):
        for key, path in rows.order_by().values_list(vendor, "agency__path").distinct():
            reached[key].agencies.add(path[-1])
            reached[key].agency_people.update(*(members[organization] for organization in path))
    own = _members(Role.VENDOR_MEMBER)
    for vendor_row in vendors:
        reached[vendor_row.pk].vendor_people.update(*(own[each] for each in vendor_row.organization.path))
    return reached


def _members(role: Role) -> dict[int, set[int]]:
    """Active users of a role by the organization they belong to today."""
    rows = Membership.objects.in_force().filter(
        capacity__in=Membership.BELONGING, user__role=role, user__is_active=True
    )
    people: dict[int, set[int]] = defaultdict(set)
    for organization, user in rows.order_by().values_list("organization", "user"):
        people[organization].add(user)
    return people
