"""Access rules and domain words of series, targets, measurements and months."""

import datetime
from typing import Any, Self

from django.db.models import Q, QuerySet

from kernel.access import (
    EVERYBODY,
    MEASURERS,
    MSI_MEMBERS,
    Actor,
    PartQuerySet,
    ScopedQuerySet,
    Unwritten,
    Visitor,
    acting_user,
)
from kernel.in_force import in_force
from metrics.measurements.expressions import newest, value_of_month


def in_force_integration(path: str, integrators: QuerySet[Any]) -> Q:
    """Integrations at the end of `path` whose integrator is one of `integrators`, in force today."""
    return in_force(at=path) & Q(**{f"{path}__integrator__in": integrators})


class SeriesQuerySet(ScopedQuerySet):
    """Series belong to the two sides they are measured between."""

    agency_paths = ("agency",)
    vendor_paths = ("provider",)

    def msi_rule(self, user: Actor) -> Q:
        """Series of the suppliers, or of the single services, that the MSI's integrations name today."""
        own, rows = user.member_organizations().values("pk"), self.model._base_manager
        by_supplier = in_force_integration("provider__vendor__integrations", own)
        by_service = in_force_integration("service_level__service__integrations", own)
        supplied = rows.filter(by_supplier, provider__vendor__integrations__service=None)
        return Q(pk__in=supplied.values("pk")) | Q(pk__in=rows.filter(by_service).values("pk"))

    def with_latest(self, monthly_values: QuerySet[Any], targets: QuerySet[Any]) -> Self:
        """Each series with its latest month and that month's value, and the target newest by start."""
        months, targets = monthly_values.order_by("-month"), targets.order_by("-effective_from")
        valued = months.annotate(figure=value_of_month("series__indicator"))
        return self.annotate(
            latest_month=newest(months, "month"),
            latest_value=newest(valued, "figure"),
            latest_target=newest(targets, "target"),
            latest_floor=newest(targets, "floor"),
        )

    def measurable_by(self, user: Visitor) -> Self:
        """Series whose measurements `user` may write: an integrator measures what it sees."""
        actor = acting_user(user)
        if actor is not None and actor.role in MSI_MEMBERS:
            return self.visible_to(actor)
        return self.editable_by(user)


class TargetQuerySet(PartQuerySet):
    """Targets are seen and changed with their series."""

    whole = "series"


class MeasurementQuerySet(PartQuerySet):
    """Measurements; besides the office and its managers, an MSI enters those of what it integrates."""

    whole = "series"
    creator_roles = MEASURERS

    def editing_rule(self, user: Actor) -> Q:
        return EVERYBODY if user.role in MSI_MEMBERS else super().editing_rule(user)

    def counted(self) -> Self:
        """Measurements that take part: those not excluded."""
        return self.filter(excluded_at__isnull=True)


class MonthlyValueQuerySet(Unwritten, PartQuerySet):
    """Monthly values are seen with their series."""

    whole = "series"

    def within(self, first: datetime.date, last: datetime.date) -> Self:
        """Monthly values of a run of months."""
        return self.filter(month__range=(first, last))
