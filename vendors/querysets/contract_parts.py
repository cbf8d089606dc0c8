"""Access rules and domain words of amendments, milestones, payments and releases."""

from typing import Self

from kernel.access import PartQuerySet, ScopedQuerySet, Unwritten


class ContractPartQuerySet(PartQuerySet):
    """What hangs on a contract: amendments, milestones, payments. Both parties of the contract see it."""

    whole = "contract"


class AmendedTargetQuerySet(PartQuerySet):
    """Which targets amendments agreed: for both parties of their contract."""

    whole = "amendment"


class MilestoneQuerySet(ContractPartQuerySet):
    """Milestones."""

    def open(self) -> Self:
        """Milestones that were not met yet, and are still to be."""
        status = self.model.Status
        return self.filter(status__in=(status.SCHEDULED, status.PARTIALLY_MET), met_on__isnull=True)


class ContractReleaseQuerySet(Unwritten, ScopedQuerySet):
    """What publishers said, as it was read: the source of contracts, for those who see all of them."""
