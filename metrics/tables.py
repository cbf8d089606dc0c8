"""Lists of measuring."""

from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kernel.directory.links import agency_link
from kernel.tables import (
    Column,
    CoverageColumn,
    FigureColumn,
    FlagColumn,
    NameColumn,
    OrganizationColumn,
    Table,
    TimeColumn,
    TrendColumn,
    in_unit,
)
from kernel.templatetags.ui import coverage, month, number, score, status
from metrics.models import Indicator, Methodology, Outcome, OutcomeReading


class StatusColumn(Column):
    """Where an outcome stands."""

    def render(self, value: str) -> SafeString:
        return status(value, str(OutcomeReading.Status(value).label))

    def value(self, value: str, record: Any) -> str:
        return str(OutcomeReading.Status(value).label)


class OutcomeTable(Table):
    """Outcomes with where they stand, and the measure that weighs most."""

    name = NameColumn(verbose_name=_("Outcome"), linkify=True)
    code = Column(verbose_name=_("Code"), visible=False)
    agency = OrganizationColumn(accessor="organization", link=agency_link, verbose_name=_("Agency"))
    status = StatusColumn(verbose_name=_("Status"))
    attainment = FigureColumn(verbose_name=_("Attainment"), text=score)
    change = TrendColumn(verbose_name=_("Change in a year"))
    coverage = CoverageColumn(verbose_name=_("Coverage"))
    baseline = FigureColumn(
        accessor="first_measure__latest_floor", verbose_name=_("Baseline"), orderable=False, text=number
    )
    target = FigureColumn(
        accessor="first_measure__latest_target", verbose_name=_("Target"), orderable=False, text=number
    )
    latest = FigureColumn(accessor="first_measure__latest_value", verbose_name=_("Latest"), orderable=False)

    class Meta:
        model = Outcome
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Outcomes")
        empty_text = _("No outcome matches these filters.")
        default = "–"

    def render_latest(self, value: Decimal, record: Any) -> SafeString:
        """The latest value with its unit, and below it the month it is of."""
        series = record.first_measure()
        figure = in_unit(number(value), series.indicator.unit)
        return format_html('{}<span class="sub">{}</span>', figure, month(series.latest_month))


class IndicatorTable(Table):
    """Indicators with how they are read."""

    name = NameColumn(code="code", verbose_name=_("Indicator"), linkify=True)
    code = Column(verbose_name=_("Code"), visible=False)
    unit = Column(verbose_name=_("Unit"))
    direction = Column(verbose_name=_("Direction"))
    aggregation = Column(verbose_name=_("Months add up by"))
    cadence = Column(verbose_name=_("Measured"))
    series_count = FigureColumn(verbose_name=_("Used in"))

    class Meta:
        model = Indicator
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Indicators")
        empty_text = _("No indicator matches these filters.")
        default = "–"


class MethodologyTable(Table):
    """Versions of the scoring method."""

    name = NameColumn(code="code", verbose_name=_("Methodology"), linkify=True)
    code = Column(verbose_name=_("Code"), visible=False)
    edition = FigureColumn(verbose_name=_("Edition"))
    is_default = FlagColumn(verbose_name=_("The state's default"), yes=_("Yes"), no="–")
    minimum_coverage = FigureColumn(verbose_name=_("Minimum coverage"), text=coverage)
    first_used_at = TimeColumn(verbose_name=_("First used"), default=_("not yet"), format="SHORT_DATE_FORMAT")

    class Meta:
        model = Methodology
        fields: tuple[str, ...] = ()
        order_by = ("name", "-edition")
        caption = _("Methodologies")
        empty_text = _("No methodology yet.")
