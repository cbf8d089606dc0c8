"""Access rules and domain words of the demand side."""

import datetime
from typing import Any, Self

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from brm_portal.access import ScopedQuerySet
from brm_portal.directory.models import Membership
from metrics.models import Outcome, OutcomeReading
from vendors.models import Contract, Subscription


class AgencyQuerySet(ScopedQuerySet):
    """Agencies: members see their own."""

    agency_paths = ("organization",)

    def with_manager(self) -> Self:
        """Each agency with the name of its primary BRM manager of today."""
        managers = Membership.objects.in_force().filter(
            organization=OuterRef("pk"), capacity=Membership.Capacity.MANAGER_PRIMARY
        )
        return self.annotate(manager=Subquery(managers.values("user__name")[:1]))

    def with_figures(self, month: datetime.date | None) -> Self:
        """Each agency with its services, contracts in force and their value, and outcomes at the end of `month`."""
        contracts = Contract.objects.in_force().filter(agency=OuterRef("pk"))
        standing = Outcome.objects.filter(organization=OuterRef("pk"), retired_on__isnull=True)
        on_track = Q(readings__month=month, readings__status=OutcomeReading.Status.ON_TRACK)
        return self.annotate(
            services=counted(Subscription.objects.in_force().filter(agency=OuterRef("pk")), "agency"),
            contracts=counted(contracts, "agency"),
            contract_value=Subquery(contracts.order_by().values("agency").annotate(sum=Sum("value")).values("sum")),
            outcomes=counted(standing, "organization"),
            outcomes_on_track=counted(standing.filter(on_track), "organization"),
        )


def counted(rows: QuerySet[Any], owner: str) -> Coalesce:
    """How many of `rows` belong to the outer row, which `owner` names."""
    return Coalesce(Subquery(rows.order_by().values(owner).annotate(count=Count("*")).values("count")), 0)
