"""Access rules of users and tokens."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q
from django.utils import timezone

from kernel.access import Role, ScopedQuerySet
from kernel.expressions import counted

if TYPE_CHECKING:
    from kernel.accounts.models import User


class UserQuerySet(ScopedQuerySet):
    """Users: staff see all, others themselves; only the CIO's office changes them."""

    manager_paths = ()
    creator_roles = frozenset({Role.CIO_OFFICE})

    def agency_rule(self, user: "User") -> Q:
        return Q(pk=user.pk)

    vendor_rule = agency_rule
    msi_rule = agency_rule

    def with_unread_notices(self) -> Self:
        """Users with how many notices they have not read, as `unread_notices`."""
        notices = self.model._meta.get_field("notices").related_model.objects.unread()
        return self.annotate(unread_notices=counted(notices, "person"))


class ApiTokenQuerySet(ScopedQuerySet):
    """Tokens belong to one person: nobody else sees them, but the CIO's office sees those of integrations."""

    creator_roles = frozenset(Role)

    def staff_rule(self, user: "User") -> Q:
        own = Q(user=user)
        return own | Q(user__role=Role.INTEGRATION) if user.role == Role.CIO_OFFICE else own

    def agency_rule(self, user: "User") -> Q:
        return Q(user=user)

    vendor_rule = agency_rule
    msi_rule = agency_rule

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        """Whoever sees a token may revoke it, auditors their own too."""
        return self.visible_to(user)

    def usable(self) -> Self:
        """Tokens that still open the door: in time, not revoked, of an active account with an unchanged role."""
        return self.filter(
            Q(user__owner__isnull=True) | Q(user__owner__is_active=True),
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
            user__is_active=True,
            user__role=F("issued_for_role"),
        )


class CalendarAddressQuerySet(ScopedQuerySet):
    """Calendar addresses belong to one person, and nobody else sees them."""

    creator_roles = frozenset(Role)

    def staff_rule(self, user: "User") -> Q:
        return Q(user=user)

    agency_rule = staff_rule
    vendor_rule = staff_rule
    msi_rule = staff_rule

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        """Whoever has one may revoke it."""
        return self.visible_to(user)

    def usable(self) -> Self:
        """Addresses that still answer: not revoked, of an active account with an unchanged role."""
        return self.filter(revoked_at__isnull=True, user__is_active=True, user__role=F("issued_for_role"))
