"""Pages about outcomes, indicators, methodologies, and forms for targets and measurements."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from itertools import dropwhile
from typing import Any, ClassVar

from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from kernel.access import Role
from kernel.expressions import counted
from kernel.pages import (
    EDITORS,
    EVERYONE,
    STAFF,
    ConfirmPage,
    CreatePage,
    DetailPage,
    EditPage,
    ListPage,
    changeable,
)
from kernel.templatetags.ui import number, score
from metrics import operations
from metrics.filters import IndicatorFilterSet, MethodologyFilterSet, OutcomeFilterSet
from metrics.forms import IndicatorForm, MeasurementForm, OutcomeForm, OutcomeSeriesForm, ReasonForm, TargetForm
from metrics.models import (
    Dimension,
    Indicator,
    Measurement,
    Methodology,
    Outcome,
    OutcomeReading,
    OutcomeSeries,
    Series,
    Target,
)
from metrics.tables import IndicatorTable, MethodologyTable, OutcomeTable

READERS = STAFF | {Role.AGENCY_MEMBER}
SERIES_SHOWN = 200


def chosen_month(text: str | None) -> datetime.date | None:
    """The month of `?month=2021-06`; by default the latest in which any outcome could be judged."""
    if not text:
        return OutcomeReading.objects.all().latest_month()
    try:
        return datetime.date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        raise Http404 from None


class OutcomeList(ListPage):
    """Where the state's outcomes stand."""

    open_to = READERS
    model = Outcome
    table_class = OutcomeTable
    filterset_class = OutcomeFilterSet
    template_name = "metrics/outcome_list.html"
    export_name = "outcomes"
    nothing_yet = _("Write down the change an investment is for; the agency's measures then show how far it came.")

    @cached_property
    def month(self) -> datetime.date | None:
        return chosen_month(self.request.GET.get("month"))

    def get_queryset(self) -> Any:
        series = Series.objects.select_related("indicator").with_latest().order_by("code")
        measures = OutcomeSeries.objects.order_by("-weight", "pk").prefetch_related(Prefetch("series", series))
        rows = self.rows().filter(retired_on__isnull=True).with_standing(self.month)
        return rows.select_related("organization").prefetch_related(Prefetch("measures", measures))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(month=self.month, **kwargs)


class OutcomeDetail(DetailPage):
    """One outcome: status over time, and each series that measures it with baseline, target and latest value."""

    open_to = READERS
    model = Outcome
    slug_field, slug_url_kwarg = "code", "code"
    template_name = "metrics/outcome_detail.html"

    @cached_property
    def month(self) -> datetime.date | None:
        return chosen_month(self.request.GET.get("month"))

    def get_queryset(self) -> Any:
        return self.rows().with_standing(self.month).select_related("organization")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        series = Series.objects.select_related("indicator").with_latest()
        measures = self.object.measures.order_by("-weight", "series__code").prefetch_related(Prefetch("series", series))
        readings = self.object.readings.filter(month__lte=self.month) if self.month else self.object.readings.none()
        latest = list(readings.order_by("-month")[:36])[::-1]
        bands = standing_bands()
        return super().get_context_data(
            month=self.month,
            measures=measures,
            chart=reading_rows(latest),
            bands=bands,
            at_target=bands[-1].lower_bound,
            **kwargs,
        )


@dataclass(frozen=True)
class StandingBand:
    """The attainments at which an outcome has one standing (scoring method, §8)."""

    name: str
    position: int
    lower_bound: Decimal
    tone: str


# The looks of the grades that people read likewise.
STANDING_TONES = {
    OutcomeReading.Status.OFF_TRACK: "unsatisfactory",
    OutcomeReading.Status.AT_RISK: "marginal",
    OutcomeReading.Status.ON_TRACK: "satisfactory",
    OutcomeReading.Status.NO_DATA: "insufficient-evidence",
}


def standing_bands() -> list[StandingBand]:
    """Off track, at risk, on track; the last from the default methodology's score at target on."""
    default = Methodology.objects.filter(is_default=True).first()
    at_target = default.score_at_target if default else Methodology._meta.get_field("score_at_target").default
    status = OutcomeReading.Status
    lowest = ((status.OFF_TRACK, 0), (status.AT_RISK, 50), (status.ON_TRACK, at_target))
    return [
        StandingBand(str(name.label), position, Decimal(lower), STANDING_TONES[name])
        for position, (name, lower) in enumerate(lowest, start=1)
    ]


def reading_rows(readings: list[OutcomeReading]) -> list[dict[str, Any]]:
    """Rows of the chart of an outcome's attainment, oldest first, from the first month with evidence on."""
    return [
        {
            "label": date_format(reading.month, "M Y"),
            "score": reading.attainment,
            "text": score(reading.attainment),
            "grade": reading.get_status_display(),
            "tone": STANDING_TONES[OutcomeReading.Status(reading.status)],
            "coverage": reading.coverage,
        }
        for reading in dropwhile(lambda reading: not reading.coverage, readings)
    ]


class OutcomeCreate(CreatePage):
    """A new outcome."""

    open_to = EDITORS
    model = Outcome
    form_class = OutcomeForm
    title = _("New outcome")
    intro = _("An outcome is the change for citizens or the agency that an investment is for, not what is delivered.")
    list_url_name = "metrics:outcome_list"


class OutcomeUpdate(EditPage):
    """Change or retire an outcome."""

    open_to = EDITORS
    model = Outcome
    form_class = OutcomeForm
    slug_field, slug_url_kwarg = "code", "code"
    title = _("Change outcome")


class MeasurePage:
    """What adding and changing an outcome's measure share: they lead back to the outcome."""

    model: Any = OutcomeSeries
    form_class: Any = OutcomeSeriesForm
    open_to = EDITORS
    part_of = "outcome"


class MeasureCreate(MeasurePage, CreatePage):
    """Let one more series measure an outcome."""

    title = _("Add a measure")

    def get_form_kwargs(self) -> dict[str, Any]:
        outcome = changeable(Outcome.objects.all(), self.user, code=self.kwargs["code"])
        return {**super().get_form_kwargs(), "instance": OutcomeSeries(outcome=outcome)}

    def cancel_url(self) -> str:
        return reverse("metrics:outcome_detail", args=[self.kwargs["code"]])


class MeasureUpdate(MeasurePage, EditPage):
    """Change the weight of a measure."""

    title = _("Change measure")


class IndicatorList(ListPage):
    """What can be measured."""

    open_to = EVERYONE
    model = Indicator
    table_class = IndicatorTable
    filterset_class = IndicatorFilterSet
    template_name = "metrics/indicator_list.html"
    export_name = "indicators"
    nothing_yet = _("An indicator says what can be measured. Service levels then use it in a contract.")

    def get_queryset(self) -> Any:
        return self.rows().annotate(series_count=counted(Series.objects.all(), "indicator"))


class IndicatorDetail(DetailPage):
    """One indicator and the series that measure it."""

    open_to = EVERYONE
    model = Indicator
    slug_field, slug_url_kwarg = "code", "code"
    template_name = "metrics/indicator_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = Series.objects.visible_to(self.user).filter(indicator=self.object)
        series = visible.select_related("agency", "provider").with_latest().order_by("code")[: SERIES_SHOWN + 1]
        return super().get_context_data(series=series, shown=SERIES_SHOWN, **kwargs)


class IndicatorCreate(CreatePage):
    """A new indicator."""

    open_to = frozenset({Role.CIO_OFFICE})
    model = Indicator
    form_class = IndicatorForm
    title = _("New indicator")
    list_url_name = "metrics:indicator_list"


class IndicatorUpdate(EditPage):
    """Change or retire an indicator."""

    open_to = frozenset({Role.CIO_OFFICE})
    model = Indicator
    form_class = IndicatorForm
    slug_field, slug_url_kwarg = "code", "code"
    title = _("Change indicator")
    intro = _("Direction, aggregation and unit stay as they are once something was measured or agreed.")


class MethodologyList(ListPage):
    """Versions of the scoring method."""

    open_to = EVERYONE
    model = Methodology
    table_class = MethodologyTable
    filterset_class = MethodologyFilterSet
    template_name = "metrics/methodology_list.html"
    export_name = "methodologies"


class MethodologyDetail(DetailPage):
    """One version of the method, in words and figures."""

    open_to = EVERYONE
    model = Methodology
    slug_field, slug_url_kwarg = "code", "code"
    template_name = "metrics/methodology_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        weights = self.object.weights()
        rows = [
            {"label": Dimension(code).label, "value": weight, "text": number(weight), "tone": "primary"}
            for code, weight in sorted(weights.items(), key=lambda item: -item[1])
        ]
        can_preview = self.user.role in STAFF and not self.object.is_default
        bands = self.object.bands.all()
        return super().get_context_data(weight_rows=rows, bands=bands, can_preview=can_preview, **kwargs)


class SeriesPart:
    """What targets and measurements share: they belong to the page's series and lead back to its service level."""

    model: Any
    object: Any

    def get_success_url(self) -> str:
        return series_url(self.object.series)

    def subject(self, row: Any) -> str:
        return f"{row.series.indicator.name} · {row.series.code}"


def series_url(series: Series) -> str:
    """Where a series is shown: the page of its service level."""
    return reverse("vendors:service_level_detail", args=[series.code])


class SeriesPartCreate(SeriesPart, CreatePage):
    """Add a part to the series that the URL names."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.model(series=self.series())}

    def series(self) -> Series:
        """The series the URL names; an integrator measures what it sees, everybody else what is theirs to change."""
        rows, key = Series.objects.select_related("indicator"), self.kwargs["code"]
        if self.user.role == Role.MSI_MEMBER:
            return get_object_or_404(rows.visible_to(self.user), code=key)
        return changeable(rows, self.user, code=key)

    def cancel_url(self) -> str:
        return reverse("vendors:service_level_detail", args=[self.kwargs["code"]])


class TargetCreate(SeriesPartCreate):
    """Agree on a target from a month on."""

    open_to = EDITORS
    model = Target
    form_class = TargetForm
    title = _("New target")
    intro = _("It is in force from the first day of its month until the next target begins.")


class TargetUpdate(SeriesPart, EditPage):
    """Correct a target."""

    open_to = EDITORS
    model = Target
    form_class = TargetForm
    title = _("Change target")


class MeasurementCreate(SeriesPartCreate):
    """Enter one measurement."""

    open_to = EDITORS | {Role.MSI_MEMBER}
    model = Measurement
    form_class = MeasurementForm
    title = _("New measurement")


class MeasurementUpdate(SeriesPart, EditPage):
    """Correct a measurement; the earlier value stays in the history."""

    open_to = EDITORS | {Role.MSI_MEMBER}
    model = Measurement
    form_class = MeasurementForm
    title = _("Correct measurement")
    intro = _("The earlier value stays in the history.")


class MeasurementReasonPage(SeriesPart, ConfirmPage):
    """Does something to one measurement for a reason."""

    open_to = EDITORS | {Role.MSI_MEMBER}
    model = Measurement
    form_class = ReasonForm
    intro: ClassVar[str | Promise]
    operation: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day, series = date_format(self.object.observed_on), self.object.series
        intro = self.intro % {"day": day, "series": series.code}
        return super().get_context_data(**{"intro": intro, **kwargs})

    def act(self, data: dict[str, Any]) -> None:
        self.operation(measurement=self.object, reason=data["reason"], by=self.user)


class MeasurementExclude(MeasurementReasonPage):
    """Leave a measurement out."""

    title = _("Exclude measurement")
    confirm_label = _("Exclude")
    intro = _(
        "The measurement of %(series)s on %(day)s will take no part in any figure. It stays to be seen, struck "
        "through, and can be admitted again. Published scorecards do not change."
    )
    operation = staticmethod(operations.exclude_measurement)


class MeasurementReadmit(MeasurementReasonPage):
    """Let an excluded measurement take part again."""

    title = _("Admit measurement again")
    confirm_label = _("Admit again")
    intro = _("The measurement of %(series)s on %(day)s will take part in all figures again.")
    operation = staticmethod(operations.readmit_measurement)
