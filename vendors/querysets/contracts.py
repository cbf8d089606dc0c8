"""Access rules and domain words of contracts."""

import datetime
from typing import Any, Self

from django.db.models import Case, F, OuterRef, Q, QuerySet, When
from django.utils import timezone

from kernel.access import Actor, ScopedQuerySet, Unwritten
from kernel.directory.models import Organization
from kernel.expressions import summed
from kernel.in_force import InForceQuerySet, in_force
from vendors.contracts.terms import CancelBy


def contract_in_force(on: datetime.date | None = None, *, at: str = "") -> Q:
    """Contracts that are signed, not ended before their time, and within their days; `at`: the relation to them."""
    return in_force(on, at=at) & Q(**{f"{at}__status" if at else "status": "active"})


def serving_organizations(user: Actor) -> QuerySet[Organization]:
    """Vendors, as organizations, with a contract or a subscription in force today with the user's agencies."""
    own, rows = user.member_organizations().values("pk"), Organization.objects.order_by()
    contracts, subscriptions = "vendor__contracts", "vendor__services__subscriptions"
    by_contract = rows.filter(contract_in_force(at=contracts), **{f"{contracts}__agency__in": own})
    by_subscription = rows.filter(in_force(at=subscriptions), **{f"{subscriptions}__agency__in": own})
    return rows.filter(Q(pk__in=by_contract.values("pk")) | Q(pk__in=by_subscription.values("pk")))


class ContractQuerySet(InForceQuerySet):
    """Contracts: both parties see them."""

    agency_paths = ("agency",)
    vendor_paths = ("vendor",)

    def in_force_rule(self, on: datetime.date | None) -> Q:
        """Signed, not ended before their time, and within their days."""
        return contract_in_force(on)

    def ending_within(self, days: int) -> Self:
        """Contracts that end in the coming days."""
        today = timezone.localdate()
        return self.filter(ends_on__range=(today, today + datetime.timedelta(days=days)))

    def to_be_cancelled_within(self, days: int) -> Self:
        """Contracts that can be cancelled for their end in the coming days, and no later."""
        today = timezone.localdate()
        return self.alias(cancel_by=CancelBy()).filter(
            cancel_by__range=(today, today + datetime.timedelta(days=days)), status=self.model.Status.ACTIVE
        )

    def heaviest_first(self) -> Self:
        """Contracts in force before those that are over, the most valuable first."""
        over = Case(When(ends_on__lt=timezone.localdate(), then=1), default=0)
        return self.order_by(over, F("value").desc(nulls_last=True), "number")

    def held_outside(self) -> Self:
        """Contracts that an agency holds alone: the state's exposure to independent commitments."""
        return self.filter(holder=self.model.Holder.AGENCY)

    def with_spent(self, payments: QuerySet[Any]) -> Self:
        """Each contract with what was paid under it to date, in its own currency; none where nothing was."""
        own = payments.filter(currency=OuterRef("currency"), paid_on__lte=timezone.localdate())
        return self.annotate(spent=summed(own, "contract", "amount"))


class ReminderQuerySet(Unwritten, ScopedQuerySet):
    """What people were reminded of, for those who see all contracts."""
