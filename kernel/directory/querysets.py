"""Access rules and domain words of the directory."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from kernel.access import CONTACT_KEEPERS, Actor, OfficeKept, ScopedQuerySet, Unwritten
from kernel.in_force import InForceQuerySet

if TYPE_CHECKING:
    from kernel.directory.models import Organization


class OrganizationQuerySet(ScopedQuerySet):
    """Organizations: outsiders see their own and what lies below it; nobody those merged into another."""

    agency_paths = ("pk",)
    vendor_paths = ("pk",)
    manager_paths = ("pk",)

    def reading_rule(self, user: Actor) -> Q:
        return super().reading_rule(user) & Q(merged_into=None)

    def msi_rule(self, user: Actor) -> Q:
        return self.vendor_rule(user)


class MembershipQuerySet(OfficeKept, InForceQuerySet):
    """Memberships: outsiders see those of their own organizations; only the CIO's office changes them."""

    agency_paths = ("organization",)
    vendor_paths = ("organization",)

    def msi_rule(self, user: Actor) -> Q:
        return Q(user=user)

    def managing(self) -> Self:
        """Assignments of BRM managers."""
        return self.filter(capacity__in=self.model.MANAGING)

    def covering(self, organization: "Organization") -> Self:
        """Memberships of an organization and of what it is part of, which cover it."""
        return self.filter(organization__in=organization.path)

    def belonging(self) -> Self:
        """Memberships that make somebody a member."""
        return self.filter(capacity__in=self.model.BELONGING)


class IdentifierQuerySet(ScopedQuerySet):
    """Identifiers: outsiders see those of their own organizations."""

    agency_paths = ("organization",)
    vendor_paths = ("organization",)


class AliasQuerySet(IdentifierQuerySet):
    """Aliases: outsiders see those of their own organizations."""


class AddressQuerySet(IdentifierQuerySet):
    """Addresses: outsiders see those of their own organizations."""


class ContactQuerySet(ScopedQuerySet):
    """Contacts: outsiders see their own organizations' and an agency keeps its own."""

    agency_paths = ("organization",)
    vendor_paths = ("organization",)
    creator_roles = CONTACT_KEEPERS

    def agency_editor_rule(self, user: Actor) -> Q:
        return self.agency_rule(user)


class MergeQuerySet(OfficeKept, ScopedQuerySet):
    """Merges: those who see everything see them; the CIO's office merges and undoes."""


class MergedRowsQuerySet(Unwritten, ScopedQuerySet):
    """What merges moved."""
