"""Access rules and domain words of the directory."""

import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from kernel.access import Role, ScopedQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kernel.accounts.models import User


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


class InForceQuerySet(ScopedQuerySet):
    """Rows with a first and an optional last day."""

    def in_force(self, on: datetime.date | None = None) -> Self:
        """Rows in force on a day, by default today in the state's time zone."""
        day = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class MembershipQuerySet(InForceQuerySet):
    """Memberships: outsiders see those of their own organizations; only the CIO's office changes them."""

    agency_paths = ("organization",)
    vendor_paths = ("organization",)
    manager_paths = ()
    creator_roles = frozenset({Role.CIO_OFFICE})

    def msi_rule(self, user: "User") -> Q:
        return Q(user=user)

    def with_standing(self) -> Self:
        """Memberships that say whether they hold today, as `is_current`."""
        day = timezone.localdate()
        holds = (Q(ends_on__isnull=True) | Q(ends_on__gte=day)) & Q(starts_on__lte=day)
        return self.annotate(is_current=ExpressionWrapper(holds, BooleanField()))


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
