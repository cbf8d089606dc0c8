"""Access rules of notices."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from kernel.access import ScopedQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kernel.accounts.models import User


class NoticeQuerySet(ScopedQuerySet):
    """A notice is for one person and nobody else."""

    creator_roles = frozenset()

    def staff_rule(self, user: "User") -> Q:
        return Q(person=user)

    agency_rule = staff_rule
    vendor_rule = staff_rule
    msi_rule = staff_rule

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        """Whoever is told may mark it as read, auditors too."""
        return self.visible_to(user)

    def unread(self) -> Self:
        """Notices nobody has read yet."""
        return self.filter(read_at__isnull=True)
