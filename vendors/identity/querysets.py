"""Access rules of likely duplicates."""

from typing import Any, Self

from django.db.models import Q

from kernel.access import OfficeKept, ScopedQuerySet


class LikelyDuplicateQuerySet(OfficeKept, ScopedQuerySet):
    """Likely duplicates: those who see everything see them; the CIO's office decides."""

    def undecided(self) -> Self:
        """Pairs that wait for a decision."""
        return self.filter(decision=self.model.Decision.OPEN)

    def naming(self, vendor: Any) -> Self:
        """Pairs of which this vendor is one."""
        return self.filter(Q(one=vendor.pk) | Q(other=vendor.pk))
