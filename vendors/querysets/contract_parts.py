"""Access rules and domain words of amendments, milestones, payments and releases."""

from typing import Self

from kernel.access import ScopedQuerySet


class ContractPartQuerySet(ScopedQuerySet):
    """What hangs on a contract: amendments, milestones, payments. Both parties of the contract see it."""

    agency_paths = ("contract__agency",)
    vendor_paths = ("contract__vendor",)


class AmendedTargetQuerySet(ScopedQuerySet):
    """Which targets amendments agreed: for both parties of their contract."""

    agency_paths = ("amendment__contract__agency",)
    vendor_paths = ("amendment__contract__vendor",)


class MilestoneQuerySet(ContractPartQuerySet):
    """Milestones."""

    def open(self) -> Self:
        """Milestones that were not met yet, and are still to be."""
        status = self.model.Status
        return self.filter(status__in=(status.SCHEDULED, status.PARTIALLY_MET), met_on__isnull=True)


class ContractReleaseQuerySet(ScopedQuerySet):
    """What publishers said, as it was read: the source of contracts, for those who see all of them."""

    creator_roles = frozenset()
