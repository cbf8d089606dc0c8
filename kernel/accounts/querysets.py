"""Access rules of users and tokens."""

from typing import Any, Self

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from kernel.access import OFFICE, STAFF, Actor, OfficeKept, OwnQuerySet, Role, ScopedQuerySet
from kernel.expressions import counted


class UserQuerySet(OfficeKept, ScopedQuerySet):
    """Users: staff see all, others themselves; only the CIO's office changes them."""

    def reading_rule(self, user: Actor) -> Q:
        return self.staff_rule(user) if user.role in STAFF else Q(pk=user.pk)

    def with_unread(self, notices: QuerySet[Any]) -> Self:
        """Users with how many of these notices are theirs, as `unread_notices`."""
        return self.annotate(unread_notices=counted(notices, "person"))


class ApiTokenQuerySet(OwnQuerySet):
    """Tokens belong to one person: nobody else sees them, but the CIO's office sees those of integrations."""

    def own_rule(self, user: Actor) -> Q:
        own = super().own_rule(user)
        return own | Q(user__role=Role.INTEGRATION) if user.role in OFFICE else own

    def usable(self) -> Self:
        """Tokens that still open the door: in time, not revoked, of an active account with an unchanged role."""
        return self.filter(
            Q(user__owner__isnull=True) | Q(user__owner__is_active=True),
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
            user__is_active=True,
            user__role=F("issued_for_role"),
        )


class CalendarAddressQuerySet(OwnQuerySet):
    """Calendar addresses belong to one person, and nobody else sees them."""

    def usable(self) -> Self:
        """Addresses that still answer: not revoked, of an active account with an unchanged role."""
        return self.filter(revoked_at__isnull=True, user__is_active=True, user__role=F("issued_for_role"))
