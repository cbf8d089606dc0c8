"""Access rules and domain words of vendors."""

from typing import Any, Self

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, When

from kernel.access import Actor, ScopedQuerySet
from kernel.expressions import counted, summed
from kernel.in_force import in_force
from vendors.querysets.contracts import serving_organizations
from vendors.querysets.scorecards import current_of
from vendors.scorecards.periods import Edition


class VendorQuerySet(ScopedQuerySet):
    """Vendors: a vendor sees itself, an agency those that serve it, an MSI the suppliers it integrates.

    Nobody sees one that was merged into another: all it had is the other's now.
    """

    vendor_paths = ("organization",)

    def reading_rule(self, user: Actor) -> Q:
        return super().reading_rule(user) & Q(organization__merged_into=None)

    def agency_rule(self, user: Actor) -> Q:
        return Q(pk__in=serving_organizations(user).values("pk"))

    def msi_rule(self, user: Actor) -> Q:
        own = user.member_organizations().values("pk")
        named = in_force(at="integrations") & Q(integrations__integrator__in=own)
        return Q(pk__in=self.model._base_manager.filter(named).values("pk"))

    def bound_by(self, contracts: QuerySet[Any], subscriptions: QuerySet[Any]) -> Self:
        """Vendors that one of these contracts or subscriptions binds."""
        by_contract, by_subscription = contracts.order_by(), subscriptions.order_by()
        return self.filter(
            Q(pk__in=by_contract.values("vendor")) | Q(pk__in=by_subscription.values("service__provider"))
        )

    def with_scorecard(self, edition: Edition | None) -> Self:
        """Each vendor with its current scorecard of an edition, and how that moved since the one before.

        The edition is taken from scorecards the user may see: who sees a vendor then sees its published ones.
        """
        graded = Q(card__grade__isnull=False, before__grade__isnull=False)
        return self.annotate(
            card=current_of(edition),
            before=current_of(edition and edition.before),
        ).annotate(
            scorecard=F("card__pk"),
            score=F("card__score"),
            coverage=F("card__coverage"),
            grade=F("card__grade__name"),
            position=F("card__grade__position"),
            trend=Case(When(graded, then=F("card__score") - F("before__score"))),
        )

    def with_contracts(self, contracts: QuerySet[Any]) -> Self:
        """Each vendor with how many of `contracts` it holds, and their value in the state's currency."""
        return self.annotate(
            contracts_held=counted(contracts, "vendor"),
            value=summed(contracts.filter(currency=settings.CURRENCY), "vendor", "value"),
        )
