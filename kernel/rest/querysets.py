"""The access rule of what the API keeps."""

from typing import TYPE_CHECKING

from django.db.models import Q

from kernel.access import ScopedQuerySet

if TYPE_CHECKING:
    from kernel.accounts.models import User


class KeptAnswerQuerySet(ScopedQuerySet):
    """Kept answers go back to whoever sent the request, and to nobody else."""

    creator_roles = frozenset()

    def staff_rule(self, user: "User") -> Q:
        return Q(user=user)

    agency_rule = staff_rule
    vendor_rule = staff_rule
    msi_rule = staff_rule
