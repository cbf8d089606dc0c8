"""Access rules of likely duplicates."""

from typing import Any, Self

from django.db.models import Q

from kernel.access import Role, ScopedQuerySet


class LikelyDuplicateQuerySet(ScopedQuerySet):
    """Likely duplicates: those who see everything see them; the CIO's office decides."""

    manager_paths = ()
    creator_roles = frozenset({Role.CIO_OFFICE})

    def undecided(self) -> Self:
        """Pairs that wait for a decision."""
        return self.filter(decision=self.model.Decision.OPEN)

    def naming(self, vendor: Any) -> Self:
        """Pairs of which this vendor is one."""
        return self.filter(Q(one=vendor.pk) | Q(other=vendor.pk))
