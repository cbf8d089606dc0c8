"""Access rules and domain words of services, subscriptions and integrations."""

from typing import Any, Self

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kernel.access import EVERYBODY, STAFF_AND_VENDORS, Actor, ScopedQuerySet, acting_user
from kernel.in_force import InForceQuerySet, in_force
from vendors.querysets.scorecards import current_of
from vendors.scorecards.periods import Edition


def sees_spending(user: Actor) -> bool:
    """Money of services is for the office and for the provider, whose visible services are all its own."""
    actor = acting_user(user)
    return actor is not None and actor.role in STAFF_AND_VENDORS


class ServiceQuerySet(ScopedQuerySet):
    """Services: the catalogue is open to agencies; a vendor sees its own, an MSI those it integrates."""

    vendor_paths = ("provider",)

    def agency_rule(self, user: Actor) -> Q:
        return EVERYBODY

    def msi_rule(self, user: Actor) -> Q:
        own, rows = user.member_organizations().values("pk"), self.model._base_manager
        named = rows.filter(in_force(at="integrations"), integrations__integrator__in=own)
        supplied = rows.filter(
            in_force(at="provider__integrations"),
            provider__integrations__integrator__in=own,
            provider__integrations__service=None,
        )
        return Q(pk__in=named.values("pk")) | Q(pk__in=supplied.values("pk"))

    def with_scorecard(self, edition: Edition) -> Self:
        """Each service with its provider's current scorecard of an edition, which whoever sees all services may see."""
        return self.annotate(card=current_of(edition, "provider__scorecards"))

    def with_subscribers(self, subscriptions: QuerySet[Any]) -> Self:
        """Each service with how many of these subscriptions are for it."""
        count = subscriptions.filter(service=OuterRef("pk")).order_by().values("service").annotate(n=Count("*"))
        return self.annotate(subscribers=Coalesce(Subquery(count.values("n")), 0))


class SubscriptionQuerySet(InForceQuerySet):
    """Subscriptions: the agency that uses a service and its provider see them."""

    agency_paths = ("agency",)
    vendor_paths = ("service__provider",)


class IntegrationQuerySet(InForceQuerySet):
    """Integrations: the integrator and the supplier see them; the CIO's office changes them."""

    vendor_paths = ("supplier",)
    manager_paths = ("supplier",)

    def msi_rule(self, user: Actor) -> Q:
        return self.reached(("integrator",), user.member_organizations())
