"""Access rules and domain words of measuring."""

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, DecimalField, F, FilteredRelation, Max, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncMonth
from django.db.models.lookups import LessThan, LessThanOrEqual
from django.utils import timezone

from kernel.access import OpenQuerySet, Role, ScopedQuerySet, acting_user
from kernel.expressions import MonthsEarlier
from kernel.uploads.querysets import UploadPartQuerySet, UploadQuerySet
from metrics.expressions import newest, value_of_month

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kernel.accounts.models import User
    from metrics.models import Methodology


class IndicatorQuerySet(OpenQuerySet):
    """Indicators are definitions."""


class MethodologyQuerySet(OpenQuerySet):
    """Methodologies are open: whoever is scored may read how."""

    def for_periods_from(self, month: datetime.date) -> "Methodology | None":
        """The state's default for periods that start in a month: today's, or the one before it was used."""
        default = self.filter(is_default=True).first()
        if default is None or default.in_use_from is None or default.in_use_from <= month:
            return default
        return self.filter(in_use_from__lte=month).order_by("-in_use_from").first()


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
        own, today = user.member_organizations().values("pk"), timezone.localdate()
        by_supplier = in_force_integration("provider__vendor__integrations", own, today)
        by_service = in_force_integration("service_level__service__integrations", own, today)
        series = model._base_manager.filter(
            Q(pk__in=model._base_manager.filter(by_supplier, provider__vendor__integrations__service=None).values("pk"))
            | Q(pk__in=model._base_manager.filter(by_service).values("pk"))
        )
        return Q(**{f"{self.to_series or 'pk'}__in": series.values("pk")})

    def manager_rule(self, user: "User") -> Q:
        managed = user.managed_organizations()
        prefix = f"{self.to_series}__" if self.to_series else ""
        return self.reached((f"{prefix}agency", f"{prefix}provider"), managed)


def year_before(month: datetime.date) -> datetime.date:
    """The same month a year earlier."""
    return month.replace(year=month.year - 1)


def in_force_integration(path: str, integrators: QuerySet[Any], today: datetime.date) -> Q:
    """Integrations at the end of `path` whose integrator is one of `integrators`, in force today."""
    until = Q(**{f"{path}__ends_on__isnull": True}) | Q(**{f"{path}__ends_on__gte": today})
    return until & Q(**{f"{path}__integrator__in": integrators, f"{path}__starts_on__lte": today})


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


class ImportQuerySet(UploadQuerySet):
    """Files of measurements: whoever sent one sees it; the CIO's office and auditors see all."""

    creator_roles = MeasurementQuerySet.creator_roles

    def msi_rule(self, user: "User") -> Q:
        return Q(started_by=user)

    msi_editor_rule = msi_rule


class ImportPartQuerySet(UploadPartQuerySet):
    """Pieces of files are read through their import's page alone."""

    msi_rule = UploadPartQuerySet.staff_rule


class ImportedMeasurementQuerySet(ImportPartQuerySet):
    """What imports did to measurements is read through their page alone, too."""

    def intact(self) -> Self:
        """Those that nobody changed, excluded, sent again or removed since."""
        return self.filter(measurement__version=F("version_left"))

    def scorecards_published_since(self) -> int:
        """How many scorecards, published after the import, cover a month that it measured; the path leads up."""
        card = "measurement__series__service_level__scorecard_lines__scorecard"
        begins, month = F(f"{card}__period_start"), TruncMonth("measurement__observed_on")
        covering = self.filter(
            LessThan(MonthsEarlier(month, F(f"{card}__months")), begins),
            LessThanOrEqual(begins, month),
            **{f"{card}__published_at__gt": F("owner__merged_at")},
        )
        count: int = covering.aggregate(count=Count(card, distinct=True))["count"]
        return count


class MonthlyValueQuerySet(SeriesScopedQuerySet):
    """Monthly values."""

    to_series = "series"

    def within(self, first: datetime.date, last: datetime.date) -> Self:
        """Monthly values of a run of months."""
        return self.filter(month__range=(first, last))


class OutcomeQuerySet(ScopedQuerySet):
    """Outcomes belong to the agency they are for."""

    agency_paths = ("organization",)

    def with_standing(self, month: datetime.date | None) -> Self:
        """Each outcome as it stood at the end of `month`, and a year of twelve months before."""
        earlier = Q(readings__month=month and year_before(month)) & ~Q(readings__status="no_data")
        rows = self.annotate(
            reading=FilteredRelation("readings", condition=Q(readings__month=month)),
            earlier=FilteredRelation("readings", condition=earlier),
        )
        return rows.annotate(
            status=Coalesce("reading__status", Value("no_data")),
            attainment=F("reading__attainment"),
            coverage=Coalesce("reading__coverage", Value(0, DecimalField())),
            attainment_before=F("earlier__attainment"),
        ).annotate(change=F("attainment") - F("attainment_before"))


class OutcomeSeriesQuerySet(ScopedQuerySet):
    """Which series measure an outcome."""

    agency_paths = ("outcome__organization",)


class OutcomeReadingQuerySet(OutcomeSeriesQuerySet):
    """Where outcomes stood at the end of each month."""

    def latest_month(self) -> datetime.date | None:
        """The latest closed month in which a series of any outcome was measured.

        Later readings exist, for a measurement counts for twelve months, but they judge by what is missing.
        """
        outcomes = self.model._meta.get_field("outcome").related_model.objects
        closed = timezone.localdate().replace(day=1)
        measured = Max(
            "measures__series__monthly_values__month", filter=Q(measures__series__monthly_values__month__lt=closed)
        )
        month: datetime.date | None = outcomes.aggregate(month=measured)["month"]
        return month
