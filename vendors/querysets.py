"""Access rules and domain words of the supply side."""

import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Q
from django.utils import timezone

from brm_portal.access import EVERYBODY, Role, ScopedQuerySet
from brm_portal.directory.querysets import InForceQuerySet
from metrics.models import Series

if TYPE_CHECKING:
    from brm_portal.accounts.models import User


def running(path: str, today: datetime.date) -> Q:
    """Rows at the end of `path` that are in force on a day."""
    until = Q(**{f"{path}__ends_on__isnull": True}) | Q(**{f"{path}__ends_on__gte": today})
    return until & Q(**{f"{path}__starts_on__lte": today})


class VendorQuerySet(ScopedQuerySet):
    """Vendors: a vendor sees itself, an agency those that serve it, an MSI the suppliers it integrates."""

    vendor_paths = ("organization",)

    def agency_rule(self, user: "User") -> Q:
        return Q(pk__in=self.serving(user).values("pk"))

    def msi_rule(self, user: "User") -> Q:
        own, today = user.member_organizations().values("pk"), timezone.localdate()
        named = running("integrations", today) & Q(integrations__integrator__in=own)
        return Q(pk__in=self.model._base_manager.filter(named).values("pk"))

    def serving(self, user: "User") -> Self:
        """Vendors with a contract or a subscription in force today with the user's agencies."""
        own, today = user.member_organizations().values("pk"), timezone.localdate()
        rows = self.model._base_manager
        by_contract = rows.filter(running("contracts", today), contracts__agency__in=own)
        by_subscription = rows.filter(
            running("services__subscriptions", today), services__subscriptions__agency__in=own
        )
        return self.model.objects.filter(
            Q(pk__in=by_contract.values("pk")) | Q(pk__in=by_subscription.values("pk"))
        ).order_by()


class ContractQuerySet(InForceQuerySet):
    """Contracts: both parties see them."""

    agency_paths = ("agency",)
    vendor_paths = ("vendor",)

    def ending_within(self, days: int) -> Self:
        """Contracts that end in the coming days."""
        today = timezone.localdate()
        return self.filter(ends_on__range=(today, today + datetime.timedelta(days=days)))

    def held_outside(self) -> Self:
        """Contracts that an agency holds alone: the state's exposure to independent commitments."""
        return self.filter(holder=self.model.Holder.AGENCY)


class ServiceQuerySet(ScopedQuerySet):
    """Services: the catalogue is open to agencies; a vendor sees its own, an MSI those it integrates."""

    vendor_paths = ("provider",)

    def agency_rule(self, user: "User") -> Q:
        return EVERYBODY

    def msi_rule(self, user: "User") -> Q:
        own, today = user.member_organizations().values("pk"), timezone.localdate()
        rows = self.model._base_manager
        named = rows.filter(running("integrations", today), integrations__integrator__in=own)
        supplied = rows.filter(
            running("provider__integrations", today),
            provider__integrations__integrator__in=own,
            provider__integrations__service=None,
        )
        return Q(pk__in=named.values("pk")) | Q(pk__in=supplied.values("pk"))


class SubscriptionQuerySet(InForceQuerySet):
    """Subscriptions: the agency that uses a service and its provider see them."""

    agency_paths = ("agency",)
    vendor_paths = ("service__provider",)


class IntegrationQuerySet(InForceQuerySet):
    """Integrations: the integrator and the supplier see them; the CIO's office changes them."""

    vendor_paths = ("supplier",)
    manager_paths = ("supplier",)

    def msi_rule(self, user: "User") -> Q:
        return Q(integrator__in=user.member_organizations().values("pk"))


class ServiceLevelQuerySet(ScopedQuerySet):
    """Service levels: both parties of the contract, and the MSI that integrates the supplier or service."""

    agency_paths = ("contract__agency",)
    vendor_paths = ("contract__vendor",)

    def msi_rule(self, user: "User") -> Q:
        return Q(series__in=Series.objects.visible_to(user).values("pk"))

    def in_force(self, month: datetime.date) -> Self:
        """Service levels in force in a month."""
        return self.filter(Q(last_month__isnull=True) | Q(last_month__gte=month), first_month__lte=month)


class ScorecardQuerySet(ScopedQuerySet):
    """Scorecards by status: drafts stay inside; the vendor joins in review, the agencies it serves when published."""

    vendor_paths = ("vendor",)
    manager_paths = ()
    creator_roles = frozenset({Role.CIO_OFFICE})

    def agency_rule(self, user: "User") -> Q:
        serving = self.model._meta.get_field("vendor").related_model.objects.serving(user)
        return Q(status=self.model.Status.PUBLISHED, vendor__in=serving.values("pk"))

    def vendor_rule(self, user: "User") -> Q:
        return ~Q(status=self.model.Status.DRAFT) & super().vendor_rule(user)

    def current(self) -> Self:
        """Published scorecards of the highest revision."""
        return self.filter(status=self.model.Status.PUBLISHED, superseded_at__isnull=True)

    def of_period(self, period_start: datetime.date, months: int) -> Self:
        """Scorecards of one run of whole months."""
        return self.filter(period_start=period_start, months=months)


class ScorecardPartQuerySet(ScopedQuerySet):
    """Parts of the scorecards one may see."""

    manager_paths = ()
    creator_roles = frozenset()

    def _of_visible_scorecards(self, user: "User") -> Q:
        scorecards = self.model._meta.get_field("scorecard").related_model.objects.visible_to(user)
        return Q(scorecard__in=scorecards.values("pk"))

    def agency_rule(self, user: "User") -> Q:
        return self._of_visible_scorecards(user)

    def vendor_rule(self, user: "User") -> Q:
        return self._of_visible_scorecards(user)


class ScorecardLineQuerySet(ScorecardPartQuerySet):
    """Lines: an agency sees those of contracts it is party to; pages give it the others as one sum."""

    def agency_rule(self, user: "User") -> Q:
        own = user.member_organizations().values("pk")
        return self._of_visible_scorecards(user) & Q(service_level__contract__agency__in=own)
