"""Access rules and domain words of service levels and their templates."""

from typing import Any, Self

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from kernel.access import Actor, OpenQuerySet
from kernel.in_force import InForceQuerySet
from metrics.measurements.expressions import newest, value_of_month
from metrics.models import MonthlyValue, Series, Target


class ServiceLevelQuerySet(InForceQuerySet):
    """Service levels: both parties of the contract, and the MSI that integrates the supplier or service."""

    agency_paths = ("contract__agency",)
    vendor_paths = ("contract__vendor",)
    first_day, last_day, by_month = "first_month", "last_month", True

    def msi_rule(self, user: Actor) -> Q:
        return Q(series__in=Series.objects.visible_to(user).values("pk"))

    def with_latest(self) -> Self:
        """Each service level with its target in force today, its latest month with data and that month's value."""
        targets = Target.objects.filter(effective_from__lte=timezone.localdate()).order_by("-effective_from")
        months = MonthlyValue.objects.order_by("-month")
        valued = months.annotate(figure=value_of_month("series__indicator"))
        return self.annotate(
            target=newest(targets, "target", to="series"),
            latest_month=newest(months, "month", to="series"),
            latest_value=newest(valued, "figure", to="series"),
        )

    def with_line(self, lines: QuerySet[Any]) -> Self:
        """Each service level with what it reached in those of `lines` that are its own; meant for one scorecard's."""
        own = lines.filter(service_level=OuterRef("pk")).order_by()
        return self.annotate(
            attainment=Subquery(own.values("attainment")[:1]), coverage=Subquery(own.values("coverage")[:1])
        )


class ServiceLevelTemplateQuerySet(OpenQuerySet):
    """Templates are definitions."""

    def offered(self) -> Self:
        """Templates that a service level may start from today."""
        return self.filter(retired_on__isnull=True, indicator__retired_on__isnull=True)
