"""Managers and members of organizations today, and the CIO's office.

A membership covers what lies below its organization, so people are reached from all along an organization's path.
Closed accounts are told nothing. One query, however many organizations.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from kernel.access import OFFICE, Role
from kernel.accounts.models import User
from kernel.directory.models import Membership, Organization


def the_office() -> QuerySet[User]:
    """The people of the CIO's office."""
    return User.objects.filter(role__in=OFFICE, is_active=True)


def managers_of(organizations: Iterable[Organization]) -> dict[int, set[User]]:
    """By each organization's id, the BRM managers assigned to it."""
    return _people(organizations, Membership.MANAGING, Role.BRM_MANAGER)


def members_of(organizations: Iterable[Organization], *roles: Role) -> dict[int, set[User]]:
    """By each organization's id, who of these roles belongs to it."""
    return _people(organizations, Membership.BELONGING, *roles)


def _people(
    organizations: Iterable[Organization], capacities: Iterable[Membership.Capacity], *roles: Role
) -> dict[int, set[User]]:
    organizations = list(organizations)
    paths = {above for each in organizations for above in each.path}
    rule = Q(organization__in=paths, capacity__in=capacities, user__role__in=roles, user__is_active=True)
    own: dict[int, set[User]] = defaultdict(set)
    for membership in Membership.objects.in_force().filter(rule).select_related("user").order_by():
        own[membership.organization_id].add(membership.user)
    return {each.pk: set[User]().union(*(own[above] for above in each.path)) for each in organizations}
