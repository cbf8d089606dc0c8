"""Audiences of a vendor's published scorecards, counted before anything is published."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from kernel.access import Role
from kernel.accounts.models import User
from kernel.directory.models import Organization
from kernel.directory.whom import members_of
from vendors.models import Contract, Subscription, Vendor


@dataclass
class Audience:
    """The people and agencies that a vendor's published scorecards reach today."""

    agencies: set[int] = field(default_factory=set)
    agency_people: set[User] = field(default_factory=set)
    vendor_people: set[User] = field(default_factory=set)


def audiences(vendors: Iterable[Vendor]) -> dict[int, Audience]:
    """The audience of each vendor, by the access rule of scorecards: five queries, whatever the number of vendors."""
    reached = {vendor.pk: Audience() for vendor in vendors}
    contracts = Contract.objects.in_force().filter(vendor__in=reached)
    subscriptions = Subscription.objects.in_force().filter(service__provider__in=reached)
    for rows, vendor in ((contracts, "vendor"), (subscriptions, "service__provider")):
        for key, agency in rows.order_by().values_list(vendor, "agency").distinct():
            reached[key].agencies.add(agency)
    served = Organization.objects.filter(pk__in={key for each in reached.values() for key in each.agencies})
    of_agencies = members_of(served, Role.AGENCY_MEMBER)
    of_vendors = members_of([vendor.organization for vendor in vendors], Role.VENDOR_MEMBER)
    for key, audience in reached.items():
        audience.agency_people.update(*(of_agencies[agency] for agency in audience.agencies))
        audience.vendor_people |= of_vendors[key]
    return reached
