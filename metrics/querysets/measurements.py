"""Access rules and domain words of series, targets, measurements and months."""

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q, QuerySet

from kernel.access import Role, ScopedQuerySet, acting_user
from kernel.in_force import in_force
from metrics.measurements.expressions import newest, value_of_month

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kernel.accounts.models import User


class SeriesScopedQuerySet(ScopedQuerySet):
    """Rows that belong to a series and so to the two sides it is measured between."""

    # The lookup from a row to its series; empty for the series itself.
    to_series: str = ""

    def _side(self, side: str, user: "User") -> Q:
        path = f"{self.to_series}__{side}" if self.to_series else side
        return self.reached((path,), user.member_organizations())

    def agency_rule(self, user: "User") -> Q:
        return self._side("agency", user)

    def vendor_rule(self, user: "User") -> Q:
        return self._side("provider", user)

    def msi_rule(self, user: "User") -> Q:
        """Series of the suppliers, or of the single services, that the MSI's integrations name today."""
        model = self.model._meta.get_field(self.to_series).related_model if self.to_series else self.model
        own = user.member_organizations().values("pk")
        by_supplier = in_force_integration("provider__vendor__integrations", own)
        by_service = in_force_integration("service_level__service__integrations", own)
        series = model._base_manager.filter(
            Q(pk__in=model._base_manager.filter(by_supplier, provider__vendor__integrations__service=None).values("pk"))
            | Q(pk__in=model._base_manager.filter(by_service).values("pk"))
        )
        return Q(**{f"{self.to_series or 'pk'}__in": series.values("pk")})

    def manager_rule(self, user: "User") -> Q:
        managed = user.managed_organizations()
        prefix = f"{self.to_series}__" if self.to_series else ""
        return self.reached((f"{prefix}agency", f"{prefix}provider"), managed)


def in_force_integration(path: str, integrators: QuerySet[Any]) -> Q:
    """Integrations at the end of `path` whose integrator is one of `integrators`, in force today."""
    return in_force(at=path) & Q(**{f"{path}__integrator__in": integrators})


class SeriesQuerySet(SeriesScopedQuerySet):
    """Series."""

    def with_latest(self) -> Self:
        """Each series with its latest month and that month's value, and the target newest by start."""
        months = self.model._meta.get_field("monthly_values").related_model.objects.order_by("-month")
        targets = self.model._meta.get_field("targets").related_model.objects.order_by("-effective_from")
        valued = months.annotate(figure=value_of_month("series__indicator"))
        return self.annotate(
            latest_month=newest(months, "month"),
            latest_value=newest(valued, "figure"),
            latest_target=newest(targets, "target"),
            latest_floor=newest(targets, "floor"),
        )

    def measurable_by(self, user: "User | AnonymousUser") -> Self:
        """Series whose measurements `user` may write: an integrator measures what it sees."""
        actor = acting_user(user)
        if actor is not None and actor.role == Role.MSI_MEMBER:
            return self.visible_to(actor)
        return self.editable_by(user)


class TargetQuerySet(SeriesScopedQuerySet):
    """Targets."""

    to_series = "series"


class MeasurementQuerySet(SeriesScopedQuerySet):
    """Measurements; besides the office and its managers, an MSI enters those of what it integrates."""

    to_series = "series"
    creator_roles = frozenset({Role.CIO_OFFICE, Role.BRM_MANAGER, Role.MSI_MEMBER})

    def msi_editor_rule(self, user: "User") -> Q:
        return self.msi_rule(user)

    def counted(self) -> Self:
        """Measurements that take part: those not excluded."""
        return self.filter(excluded_at__isnull=True)


class MonthlyValueQuerySet(SeriesScopedQuerySet):
    """Monthly values."""

    to_series = "series"

    def within(self, first: datetime.date, last: datetime.date) -> Self:
        """Monthly values of a run of months."""
        return self.filter(month__range=(first, last))
