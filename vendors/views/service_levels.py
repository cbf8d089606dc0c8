"""Pages about service levels: what was agreed and what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tables2 import RequestConfig

from kernel.access import Role
from kernel.pages import EVERYONE, DetailPage, ListPage
from metrics.expressions import value_of_month
from metrics.models import Indicator, Measurement, MonthlyValue, Target
from vendors.filters import ServiceLevelListFilterSet
from vendors.levels import target_in_force
from vendors.models import AmendedTarget, ScorecardLine, ServiceLevel
from vendors.tables import MeasurementTable, ServiceLevelTable

MONTHS_SHOWN = 12
LINES_SHOWN = 12
# Beyond so many points a chart shows months instead of single measurements.
POINTS_SHOWN = 400


class ServiceLevelList(ListPage):
    """All that contracts commit to, with the target in force and the latest value."""

    open_to = EVERYONE
    model = ServiceLevel
    table_class = ServiceLevelTable
    filterset_class = ServiceLevelListFilterSet
    template_name = "vendors/service_level_list.html"
    export_name = "service-levels"
    nothing_yet = _("Service levels are what contracts commit to. They are added on the page of their contract.")

    def get_queryset(self) -> QuerySet[ServiceLevel]:
        rows = self.rows().with_latest()
        return rows.select_related("series__indicator", "contract__vendor__organization", "contract__agency")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(can_import=Measurement.objects.all().creatable_by(self.user), **kwargs)


@dataclass(frozen=True)
class Month:
    """One month's value beside the target in force then."""

    row: MonthlyValue
    value: Decimal | None
    target: Target | None

    @property
    def is_met(self) -> bool | None:
        """Whether the target was met; none where there is nothing to compare."""
        if self.value is None or self.target is None:
            return None
        if self.target.direction == Indicator.Direction.HIGHER:
            return self.value >= self.target.target
        return self.value <= self.target.target


class ServiceLevelDetail(DetailPage):
    """One service level: its measurements against floor, target and stretch, and the scorecards it fed."""

    open_to = EVERYONE
    model = ServiceLevel
    slug_field, slug_url_kwarg = "series__code", "code"
    template_name = "vendors/service_level_detail.html"
    context_object_name = "level"

    def get_queryset(self) -> QuerySet[ServiceLevel]:
        return self.rows().select_related(
            "series__indicator", "contract__vendor__organization", "contract__agency", "service"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, series = self.user, self.object.series
        amended = AmendedTarget.objects.visible_to(user).select_related("amendment")
        agreed = Target.objects.visible_to(user).filter(series=series).order_by("effective_from")
        targets = list(agreed.prefetch_related(Prefetch("amended", amended)))
        months = MonthlyValue.objects.visible_to(user).filter(series=series).order_by("-month")
        valued = [
            Month(row, row.figure, target_in_force(targets, row.month))
            for row in months.annotate(figure=value_of_month("series__indicator"))
        ]
        measurements = Measurement.objects.visible_to(user).filter(series=series)
        # Whoever integrates a service level also enters what was measured.
        can_edit = ServiceLevel.objects.editable_by(user).filter(pk=self.object.pk).exists()
        can_measure = can_edit or user.role == Role.MSI_MEMBER
        table = MeasurementTable(measurements, indicator=series.indicator, correctable=can_measure)
        lines = ScorecardLine.objects.visible_to(user).filter(
            service_level=self.object, scorecard__superseded_at__isnull=True
        )
        lines = lines.select_related("scorecard")
        RequestConfig(self.request, paginate={"per_page": 25}).configure(table)
        return super().get_context_data(
            targets=targets,
            steps=[
                {"month": each.effective_from, "floor": each.floor, "target": each.target, "stretch": each.stretch}
                for each in targets
            ],
            current=target_in_force(targets, timezone.localdate()),
            months=valued[:MONTHS_SHOWN],
            older=valued[MONTHS_SHOWN:],
            points=points(measurements, valued, series.indicator),
            table=table,
            can_measure=can_measure,
            sees_contract=user.role != Role.MSI_MEMBER,
            lines=lines.order_by("-scorecard__period_start", "-scorecard__months")[:LINES_SHOWN],
            **kwargs,
        )


def points(measurements: QuerySet[Measurement], months: Sequence[Month], indicator: Indicator) -> list[dict[str, Any]]:
    """What the chart draws: each measurement; months where there are many, or where only sums make a ratio."""
    single = list(measurements.order_by("observed_on", "reference")[: POINTS_SHOWN + 1])
    if indicator.is_ratio or len(single) > POINTS_SHOWN:
        return [{"day": each.row.month, "value": each.value} for each in reversed(months)]
    return [
        {"day": each.observed_on, "value": each.value, "comment": each.comment, "excluded": each.exclusion_reason}
        for each in single
    ]
