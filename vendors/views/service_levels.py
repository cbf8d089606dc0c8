"""Pages about service levels and their templates: agreed, measured, written."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_tables2 import RequestConfig

from kernel.access import EDITORS, EVERYONE, MEASURERS, MSI_MEMBERS, OFFICE, PARTIES, STAFF
from kernel.pages import Action, CreatePage, DetailPage, EditPage, ListPage, PartCreate, PlainPage
from metrics.measurements.expressions import value_of_month
from metrics.models import Indicator, Measurement, MonthlyValue, Target
from vendors.filters.service_levels import ServiceLevelListFilterSet
from vendors.forms.service_levels import NewServiceLevelForm, ServiceLevelForm, TemplateForm
from vendors.models import AmendedTarget, Contract, ScorecardLine, ServiceLevel, ServiceLevelTemplate
from vendors.service_levels.committing import FirstTarget, create_service_level, start_from
from vendors.service_levels.over_time import target_in_force
from vendors.tables.service_levels import MeasurementTable, ServiceLevelTable

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
    export_name = "service-levels"
    actions = (Action(_("Import measurements"), "metrics:import_create", MEASURERS, is_main=False),)
    nothing_yet = _("Service levels are what contracts commit to. They are added on the page of their contract.")

    def get_queryset(self) -> QuerySet[ServiceLevel]:
        rows = self.rows().with_latest()
        return rows.select_related("series__indicator", "contract__vendor__organization", "contract__agency")


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
        can_measure = can_edit or user.role in MSI_MEMBERS
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
            sees_contract=user.role in PARTIES,
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


class ServiceLevelCreate(PartCreate):
    """Commit the contract to one more service level."""

    open_to = EDITORS
    model = ServiceLevel
    form_class = NewServiceLevelForm
    wholes = Contract.objects.all()
    title = _("New service level")
    intro = _("What the contract commits to, and the target it starts with.")
    template_name = "vendors/service_level_create.html"

    @cached_property
    def templates(self) -> list[ServiceLevelTemplate]:
        """What it may start from."""
        return list(ServiceLevelTemplate.objects.visible_to(self.user).offered())

    @cached_property
    def chosen(self) -> ServiceLevelTemplate | None:
        """The template that the address names; none that is not offered."""
        wanted = self.request.GET.get("template")
        return next((each for each in self.templates if each.code == wanted), None)

    def get_initial(self) -> dict[str, Any]:
        return {} if self.chosen is None else start_from(self.chosen, self.whole)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(templates=self.templates, chosen=self.chosen, **kwargs)

    def save(self, form: Any) -> ServiceLevel:
        entered = form.cleaned_data
        target = None
        if entered["target"] is not None:
            effective_from = entered["target_from"] or entered["first_month"]
            target = FirstTarget(effective_from, entered["target"], entered["floor"], entered["stretch"])
        names = ("code", "indicator", "service", "dimension", "weight", "first_month", "last_month")
        return create_service_level(contract=self.whole, by=self.user, target=target, **{n: entered[n] for n in names})

    def get_success_url(self) -> str:
        return str(self.object.get_absolute_url())


class ServiceLevelUpdate(EditPage):
    """Change weight, dimension or months in force."""

    open_to = EDITORS
    model = ServiceLevel
    form_class = ServiceLevelForm
    slug_field, slug_url_kwarg = "series__code", "code"
    title = _("Change service level")
    intro = _("Scorecards that were published stay as they are; the periods it touches are computed again as drafts.")


class TemplateList(PlainPage):
    """All templates, with what they start a service level from."""

    open_to = STAFF
    template_name = "vendors/template_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = ServiceLevelTemplate.objects.visible_to(self.user).select_related("indicator")
        return super().get_context_data(templates=rows, can_edit=self.user.role in OFFICE, **kwargs)


class TemplateCreate(CreatePage):
    """A new template."""

    open_to = OFFICE
    model = ServiceLevelTemplate
    form_class = TemplateForm
    title = _("New template of service levels")
    list_url_name = "vendors:template_list"


class TemplateUpdate(EditPage):
    """Change or retire a template; service levels that began with it stay as they are."""

    open_to = OFFICE
    model = ServiceLevelTemplate
    form_class = TemplateForm
    slug_field, slug_url_kwarg = "code", "code"
    title = _("Change template")
    intro = _("Service levels that began with it stay as they are.")
