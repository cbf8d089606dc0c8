"""Pages about outcomes and what measures them."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from itertools import dropwhile
from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.access import EDITORS, STAFF_AND_AGENCIES
from kernel.pages import Action, CreatePage, DetailPage, EditPage, ListPage, PartCreate, PartEdit, PartPage, Text
from kernel.templatetags.ui import month as month_name
from kernel.templatetags.ui import score
from metrics.filters import OutcomeFilterSet
from metrics.forms import OutcomeForm, OutcomeSeriesForm
from metrics.measurements.standing import as_they_stand
from metrics.models import Methodology, Outcome, OutcomeReading, OutcomeSeries, Series
from metrics.tables import OutcomeTable


def chosen_month(text: str | None) -> datetime.date | None:
    """The month of `?month=2021-06`; by default the latest in which any outcome could be judged."""
    if not text:
        return Outcome.objects.all().latest_month()
    try:
        return datetime.date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        raise Http404 from None


class OutcomeList(ListPage):
    """Where the state's outcomes stand."""

    open_to = STAFF_AND_AGENCIES
    model = Outcome
    table_class = OutcomeTable
    filterset_class = OutcomeFilterSet
    template_name = "metrics/outcome_list.html"
    export_name = "outcomes"
    actions = (Action(_("New outcome"), "metrics:outcome_create"),)
    nothing_yet = _("Write down the change an investment is for; the agency's measures then show how far it came.")

    @cached_property
    def month(self) -> datetime.date | None:
        return chosen_month(self.request.GET.get("month"))

    def get_queryset(self) -> Any:
        series = as_they_stand(Series.objects.select_related("indicator")).order_by("code")
        measures = OutcomeSeries.objects.order_by("-weight", "pk").prefetch_related(Prefetch("series", series))
        rows = self.rows().filter(retired_on__isnull=True).with_standing(self.month)
        return rows.select_related("organization").prefetch_related(Prefetch("measures", measures))

    def facts(self) -> list[Text]:
        if self.month is None:
            return []
        return [_now("Standing over the twelve months that end with %(month)s") % {"month": month_name(self.month)}]


class OutcomeDetail(DetailPage):
    """One outcome: status over time, and each series that measures it with baseline, target and latest value."""

    open_to = STAFF_AND_AGENCIES
    model = Outcome
    slug_field, slug_url_kwarg = "code", "code"
    template_name = "metrics/outcome_detail.html"

    @cached_property
    def month(self) -> datetime.date | None:
        return chosen_month(self.request.GET.get("month"))

    def get_queryset(self) -> Any:
        return self.rows().with_standing(self.month).select_related("organization")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        series = as_they_stand(Series.objects.select_related("indicator"))
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


class MeasurePage(PartPage):
    """What adding and changing an outcome's measure share: they lead back to the outcome."""

    open_to = EDITORS
    model = OutcomeSeries
    form_class = OutcomeSeriesForm


class MeasureCreate(MeasurePage, PartCreate):
    """Let one more series measure an outcome."""

    wholes = Outcome.objects.all()
    title = _("Add a measure")


class MeasureUpdate(MeasurePage, PartEdit):
    """Change the weight of a measure."""

    title = _("Change measure")
