"""Access rules and domain words of vendors."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, When

from kernel.access import ScopedQuerySet
from kernel.expressions import counted, summed
from kernel.in_force import in_force
from vendors.querysets.contracts import contract_in_force
from vendors.querysets.scorecards import current_of
from vendors.scorecards.periods import Edition

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kernel.accounts.models import User
    from kernel.directory.models import Organization


class VendorQuerySet(ScopedQuerySet):
    """Vendors: a vendor sees itself, an agency those that serve it, an MSI the suppliers it integrates.

    Nobody sees one that was merged into another: all it had is the other's now.
    """

    vendor_paths = ("organization",)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return super().visible_to(user).filter(organization__merged_into=None)

    def agency_rule(self, user: "User") -> Q:
        return Q(pk__in=self.serving(user).values("pk"))

    def msi_rule(self, user: "User") -> Q:
        own = user.member_organizations().values("pk")
        named = in_force(at="integrations") & Q(integrations__integrator__in=own)
        return Q(pk__in=self.model._base_manager.filter(named).values("pk"))

    def serving(self, user: "User") -> Self:
        """Vendors with a contract or a subscription in force today with the user's agencies."""
        own, rows = user.member_organizations().values("pk"), self.model._base_manager
        by_contract = rows.filter(contract_in_force(at="contracts"), contracts__agency__in=own)
        by_subscription = rows.filter(in_force(at="services__subscriptions"), services__subscriptions__agency__in=own)
        return self.model.objects.filter(
            Q(pk__in=by_contract.values("pk")) | Q(pk__in=by_subscription.values("pk"))
        ).order_by()

    def that_serve(self, agency: "Organization", user: "User") -> Self:
        """Vendors that serve an agency today by a contract or a subscription that the user sees."""
        contracts = self.model._meta.get_field("contracts").related_model.objects
        services = self.model._meta.get_field("services").related_model
        subscriptions = services._meta.get_field("subscriptions").related_model.objects
        by_contract, by_subscription = (
            rows.visible_to(user).in_force().filter(agency=agency).order_by() for rows in (contracts, subscriptions)
        )
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
