"""Access rules and domain words of the directory."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from kernel.access import Role, ScopedQuerySet
from kernel.in_force import InForceQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kernel.accounts.models import User
    from kernel.directory.models import Organization


class OrganizationQuerySet(ScopedQuerySet):
    """Organizations: outsiders see their own and what lies below it; nobody those merged into another."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return super().visible_to(user).filter(merged_into=None)

    def agency_rule(self, user: "User") -> Q:
        return Q(pk__in=user.member_organizations().values("pk"))

    vendor_rule = agency_rule
    msi_rule = agency_rule

    def manager_rule(self, user: "User") -> Q:
        return Q(pk__in=user.managed_organizations().values("pk"))


class MembershipQuerySet(InForceQuerySet):
    """Memberships: outsiders see those of their own organizations; only the CIO's office changes them."""

    agency_paths = ("organization",)
    vendor_paths = ("organization",)
    manager_paths = ()
    creator_roles = frozenset({Role.CIO_OFFICE})

    def msi_rule(self, user: "User") -> Q:
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
    creator_roles = frozenset({Role.CIO_OFFICE, Role.BRM_MANAGER, Role.AGENCY_MEMBER})

    def agency_editor_rule(self, user: "User") -> Q:
        return self.agency_rule(user)


class MergeQuerySet(ScopedQuerySet):
    """Merges: those who see everything see them; the CIO's office merges and undoes."""

    manager_paths = ()
    creator_roles = frozenset({Role.CIO_OFFICE})


class MergedRowsQuerySet(ScopedQuerySet):
    """What merges moved: nobody writes it by hand."""

    manager_paths = ()
    creator_roles = frozenset()
