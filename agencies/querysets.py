"""Access rules and domain words of the demand side."""

import datetime
from typing import Self

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery

from kernel.access import Actor, ScopedQuerySet
from kernel.directory.models import Membership
from kernel.expressions import counted, summed
from metrics.models import Outcome, OutcomeReading
from vendors.models import Contract, Subscription


class AgencyQuerySet(ScopedQuerySet):
    """Agencies: members see their own; nobody one that was merged into another."""

    agency_paths = ("organization",)

    def reading_rule(self, user: Actor) -> Q:
        return super().reading_rule(user) & Q(organization__merged_into=None)

    def with_manager(self) -> Self:
        """Each agency with the name of its primary BRM manager of today."""
        managers = Membership.objects.in_force().filter(
            organization=OuterRef("pk"), capacity=Membership.Capacity.MANAGER_PRIMARY
        )
        return self.annotate(manager=Subquery(managers.values("user__name")[:1]))

    def with_figures(self, month: datetime.date | None) -> Self:
        """Each agency with its services, contracts in force and their value, and outcomes at the end of `month`."""
        contracts = Contract.objects.in_force()
        standing = Outcome.objects.filter(retired_on__isnull=True)
        on_track = Q(readings__month=month, readings__status=OutcomeReading.Status.ON_TRACK)
        return self.annotate(
            services=counted(Subscription.objects.in_force(), "agency"),
            contracts=counted(contracts, "agency"),
            contracts_alone=counted(contracts.held_outside(), "agency"),
            contract_value=summed(contracts.filter(currency=settings.CURRENCY), "agency", "value"),
            outcomes=counted(standing, "organization"),
            outcomes_on_track=counted(standing.filter(on_track), "organization"),
        )
