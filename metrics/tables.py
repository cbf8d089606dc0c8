"""Lists of measuring."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.directory.links import agency_link
from kernel.tables import FigureColumn, NameColumn, in_unit, with_code
from kernel.templatetags.ui import coverage, month, number, score, trend
from metrics.models import Indicator, Methodology, Outcome, OutcomeReading

FIGURE = {"td": {"class": "num"}, "th": {"class": "num"}}


class OutcomeTable(tables.Table):
    """Outcomes with where they stand, and the measure that weighs most."""

    name = NameColumn(verbose_name=_("Outcome"), linkify=True)
    code = tables.Column(verbose_name=_("Code"), visible=False)
    agency = NameColumn(accessor="organization__name", verbose_name=_("Agency"))
    status = tables.TemplateColumn(template_name="metrics/cells/status.html", verbose_name=_("Status"))
    attainment = FigureColumn(verbose_name=_("Attainment"), text=score, default="–")
    change = FigureColumn(verbose_name=_("Change in a year"), empty_values=())
    coverage = tables.TemplateColumn("{% load ui %}{% coverage_bar value %}", verbose_name=_("Coverage"))
    baseline = tables.Column(accessor="first_measure", verbose_name=_("Baseline"), orderable=False, attrs=FIGURE)
    target = tables.Column(accessor="first_measure", verbose_name=_("Target"), orderable=False, attrs=FIGURE)
    latest = tables.Column(accessor="first_measure", verbose_name=_("Latest"), orderable=False, attrs=FIGURE)

    class Meta:
        model = Outcome
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Outcomes")
        empty_text = _("No outcome matches these filters.")
        default = "–"

    def render_agency(self, record: Outcome) -> SafeString:
        return agency_link(self.request, record.organization)

    def value_agency(self, value: str) -> str:
        return value

    def value_status(self, value: str) -> str:
        return str(OutcomeReading.Status(value).label)

    def render_change(self, value: Decimal | None) -> SafeString:
        return trend(value)

    def value_coverage(self, value: Decimal) -> Decimal:
        return value

    def render_baseline(self, value: Any) -> str:
        return number(value.latest_floor)

    def value_baseline(self, value: Any) -> Decimal | None:
        return value.latest_floor

    def render_target(self, value: Any) -> str:
        return number(value.latest_target)

    def value_target(self, value: Any) -> Decimal | None:
        return value.latest_target

    def render_latest(self, value: Any) -> SafeString | str:
        return latest_figure(value)

    def value_latest(self, value: Any) -> Decimal | None:
        return value.latest_value


def latest_figure(series: Any) -> SafeString | str:
    """The latest value of a series with its unit, and below it the month it is of."""
    if series.latest_value is None:
        return "–"
    figure = in_unit(number(series.latest_value), series.indicator.unit)
    return format_html('{}<span class="sub">{}</span>', figure, month(series.latest_month))


class IndicatorTable(tables.Table):
    """Indicators with how they are read."""

    name = NameColumn(verbose_name=_("Indicator"), linkify=True)
    code = tables.Column(verbose_name=_("Code"), visible=False)
    unit = tables.Column(verbose_name=_("Unit"))
    direction = tables.Column(verbose_name=_("Direction"))
    aggregation = tables.Column(verbose_name=_("Months add up by"))
    cadence = tables.Column(verbose_name=_("Measured"))
    series_count = FigureColumn(verbose_name=_("Used in"))

    class Meta:
        model = Indicator
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Indicators")
        empty_text = _("No indicator matches these filters.")
        default = "–"

    def render_name(self, value: str, record: Indicator) -> SafeString:
        return with_code(value, record.code)

    def value_name(self, value: str) -> str:
        return value


class MethodologyTable(tables.Table):
    """Versions of the scoring method."""

    name = NameColumn(verbose_name=_("Methodology"), linkify=True)
    code = tables.Column(verbose_name=_("Code"), visible=False)
    edition = FigureColumn(verbose_name=_("Edition"))
    is_default = tables.Column(verbose_name=_("The state's default"))
    minimum_coverage = FigureColumn(verbose_name=_("Minimum coverage"), text=coverage)
    first_used_at = tables.DateColumn(verbose_name=_("First used"), default=_("not yet"))

    class Meta:
        model = Methodology
        fields: tuple[str, ...] = ()
        order_by = ("name", "-edition")
        caption = _("Methodologies")
        empty_text = _("No methodology yet.")

    def render_name(self, value: str, record: Methodology) -> SafeString:
        return with_code(value, record.code)

    def value_name(self, value: str) -> str:
        return value

    def render_is_default(self, value: bool) -> str:
        return _now("Yes") if value else "–"
