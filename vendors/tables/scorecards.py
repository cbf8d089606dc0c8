"""Lists of scorecards and their lines."""

from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel.tables import (
    ActionColumn,
    Column,
    CoverageColumn,
    FigureColumn,
    NameColumn,
    Table,
    TrendColumn,
    coverage_bar,
    with_code,
)
from kernel.templatetags import ui
from metrics.models import GradeBand
from vendors.models import Scorecard
from vendors.scorecards.explaining import LineReport
from vendors.scorecards.periods import Period
from vendors.tables.service_levels import with_unit


class GradeColumn(FigureColumn):
    """A grade, or that the evidence does not suffice for one; in order of the scores."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": {}, "empty_values": (), "order_by": "score", **kwargs})

    def render(self, value: Any, record: Any, table: Table) -> SafeString:
        return ui.grade(value, bands=len(record.methodology.edges))

    def value(self, value: Any, record: Any) -> str:
        return in_words(value)


def in_words(grade: GradeBand | None) -> str:
    """A grade's name, or that there is none."""
    return grade.name if grade else _now("Insufficient evidence")


class PeriodColumn(Column):
    """A run of months: its name, and below it which or how many they are."""

    def render(self, value: Period) -> SafeString:
        length = ngettext("%(n)d month", "%(n)d months", value.months) % {"n": value.months}
        details = value.span if value.name != value.span else length
        return format_html('{}<span class="sub">{}</span>', value.name, details)

    def value(self, value: Period, record: Any) -> str:
        return str(value)


class ScorecardTable(Table):
    """Scorecards."""

    vendor = NameColumn(accessor="vendor__organization__name", verbose_name=_("Vendor"))
    code = Column(accessor="vendor__organization__code", verbose_name=_("Code"), visible=False)
    period = PeriodColumn(initial_sort_descending=True, verbose_name=_("Period"))
    grade = GradeColumn(verbose_name=_("Grade"))
    score = FigureColumn(verbose_name=_("Score"))
    trend = TrendColumn(verbose_name=_("Trend"))
    coverage = CoverageColumn(minimum=lambda table, card: card.methodology.minimum_coverage, verbose_name=_("Coverage"))
    status = Column(verbose_name=_("Status"))
    revision = FigureColumn(verbose_name=_("Revision"))
    methodology = NameColumn(order_by="methodology__name", verbose_name=_("Methodology"))
    choose = ActionColumn(verbose_name=_("Publish"), visible=False)

    class Meta:
        model = Scorecard
        fields: tuple[str, ...] = ()
        order_by = "-period"
        caption = _("Scorecards")
        empty_text = _("No scorecard matches these filters.")

    def render_vendor(self, value: str, record: Scorecard) -> SafeString:
        link = format_html('<a href="{}">{}</a>', record.get_absolute_url(), value)
        return with_code(link, record.vendor.organization.code)

    def order_period(self, rows: QuerySet[Scorecard], is_descending: bool) -> tuple[QuerySet[Scorecard], bool]:
        """By when they begin, then the longest first, then by vendor."""
        start = F("period_start")
        name = Lower("vendor__organization__name")
        return rows.order_by(start.desc() if is_descending else start.asc(), "-months", name, "pk"), True

    def render_score(self, value: Decimal, record: Scorecard) -> SafeString:
        return format_html('<span class="score">{}</span>', ui.score(value, record.methodology.edges))

    def render_status(self, value: str, record: Scorecard) -> SafeString:
        return format_html('<span class="tag{}">{}</span>', "" if record.published_at else " tag--draft", value)

    def render_choose(self, value: int, record: Scorecard) -> SafeString | str:
        if record.status == Scorecard.Status.PUBLISHED:
            return ""
        label = _now("Publish %(vendor)s, %(period)s") % {"vendor": record.vendor, "period": record.period}
        box = '<input type="checkbox" name="scorecard" value="{}" aria-label="{}" form="publish">'
        return format_html(box, value, label)


class LineTable(Table):
    """The lines of one dimension of a scorecard: what each brought and lost."""

    name = Column(accessor="line__service_level__series__indicator__name", verbose_name=_("Service level"))
    value = FigureColumn(accessor="line__value", verbose_name=_("Value"))
    targets = Column(verbose_name=_("Target in force"), orderable=False, empty_values=())
    attainment = FigureColumn(accessor="line__attainment", verbose_name=_("Attainment"), text=ui.score)
    coverage = FigureColumn(accessor="line__coverage", verbose_name=_("Coverage"), attrs={})
    latest = FigureColumn(accessor="line__latest_month", verbose_name=_("Latest data"), text=ui.month, attrs={})
    counts = FigureColumn(verbose_name=_("Weight"))
    contribution = FigureColumn(accessor="line__contribution", verbose_name=_("Contributes"), text=ui.tenths)
    lost = FigureColumn(verbose_name=_("Loses"), text=ui.tenths)

    class Meta:
        order_by = "-lost"

    def render_name(self, value: str, record: LineReport) -> SafeString:
        level = record.line.service_level
        link = '<a href="{}">{}</a><span class="sub">{} · {}</span>'
        return format_html(link, level.get_absolute_url(), value, level.code, level.contract.title)

    def render_value(self, value: Decimal, record: LineReport) -> SafeString:
        return with_unit(value, record.line.service_level)

    def render_targets(self, record: LineReport) -> SafeString:
        return render_to_string("vendors/_targets_in_force.html", {"report": record})

    def render_coverage(self, value: Decimal, record: LineReport) -> SafeString:
        return format_html('{}<span class="sub">{}</span>', coverage_bar(value), record.months_in_words)

    def render_counts(self, record: LineReport) -> SafeString:
        title = _now("weight × criticality of the contract")
        line = record.line
        return format_html('<span title="{}">{} × {}</span>', title, ui.number(line.weight), line.criticality)
