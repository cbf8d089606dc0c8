"""Lists of scorecards and their lines."""

from decimal import Decimal

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel.tables import FigureColumn, NameColumn
from kernel.templatetags import ui
from metrics.models import Methodology
from vendors.models import Scorecard
from vendors.scorecards.explaining import LineReport
from vendors.tables.service_levels import with_unit


class ScoredTable(tables.Table):
    """What lists with scores share: files get the exact figures."""

    def value_score(self, value: Decimal) -> Decimal:
        return value

    def value_trend(self, value: Decimal | None) -> Decimal | None:
        return value

    def value_coverage(self, value: Decimal) -> Decimal:
        return value


def coverage_cell(value: Decimal, methodology: Methodology | None) -> SafeString:
    """How much of the evidence was there, with the minimum that the methodology asks for."""
    return render_to_string("ui/bar.html", ui.coverage_bar(value, methodology and methodology.minimum_coverage))


class ScorecardTable(ScoredTable):
    """Scorecards."""

    vendor = NameColumn(accessor="vendor__organization__name", verbose_name=_("Vendor"))
    code = tables.Column(accessor="vendor__organization__code", verbose_name=_("Code"), visible=False)
    period = tables.Column(accessor="period_start", initial_sort_descending=True, verbose_name=_("Period"))
    grade = FigureColumn(accessor="score", verbose_name=_("Grade"), attrs={})
    score = FigureColumn(verbose_name=_("Score"))
    trend = FigureColumn(verbose_name=_("Trend"), empty_values=())
    coverage = FigureColumn(verbose_name=_("Coverage"), attrs={})
    status = tables.Column(verbose_name=_("Status"))
    revision = FigureColumn(verbose_name=_("Revision"))
    methodology = NameColumn(accessor="methodology__name", verbose_name=_("Methodology"))
    choose = tables.Column(
        accessor="pk", verbose_name=_("Publish"), orderable=False, exclude_from_export=True, visible=False
    )

    class Meta:
        model = Scorecard
        fields: tuple[str, ...] = ()
        order_by = "-period"
        caption = _("Scorecards")
        empty_text = _("No scorecard matches these filters.")

    def render_vendor(self, value: str, record: Scorecard) -> SafeString:
        page, code = record.get_absolute_url(), record.vendor.organization.code
        return format_html('<a href="{}">{}</a><span class="sub">{}</span>', page, value, code)

    def value_vendor(self, value: str) -> str:
        return value

    def order_period(self, rows: QuerySet[Scorecard], is_descending: bool) -> tuple[QuerySet[Scorecard], bool]:
        """By when they begin, then the longest first, then by vendor."""
        start = F("period_start")
        name = Lower("vendor__organization__name")
        return rows.order_by(start.desc() if is_descending else start.asc(), "-months", name, "pk"), True

    def render_period(self, record: Scorecard) -> SafeString:
        length = ngettext("%(n)d month", "%(n)d months", record.months) % {"n": record.months}
        details = record.period.span if record.period.name != record.period.span else length
        return format_html('{}<span class="sub">{}</span>', record.period.name, details)

    def value_period(self, record: Scorecard) -> str:
        return str(record.period)

    def render_grade(self, record: Scorecard) -> SafeString:
        return ui.grade(record.grade, bands=len(record.methodology.edges))

    def value_grade(self, record: Scorecard) -> str:
        return record.grade.name if record.grade else _now("Insufficient evidence")

    def render_score(self, value: Decimal, record: Scorecard) -> SafeString:
        return format_html('<span class="score">{}</span>', ui.score(value, record.methodology.edges))

    def render_trend(self, value: Decimal | None) -> SafeString:
        return ui.trend(value)

    def render_coverage(self, value: Decimal, record: Scorecard) -> SafeString:
        return coverage_cell(value, record.methodology)

    def render_status(self, value: str, record: Scorecard) -> SafeString:
        return format_html('<span class="tag{}">{}</span>', "" if record.published_at else " tag--draft", value)

    def render_methodology(self, record: Scorecard) -> str:
        return str(record.methodology)

    def render_choose(self, value: int, record: Scorecard) -> SafeString | str:
        if record.status == Scorecard.Status.PUBLISHED:
            return ""
        label = _now("Publish %(vendor)s, %(period)s") % {"vendor": record.vendor, "period": record.period}
        box = '<input type="checkbox" name="scorecard" value="{}" aria-label="{}" form="publish">'
        return format_html(box, value, label)


class LineTable(tables.Table):
    """The lines of one dimension of a scorecard: what each brought and lost."""

    name = tables.Column(
        accessor="line__service_level__series__indicator__name", verbose_name=_("Service level"), linkify=False
    )
    value = FigureColumn(accessor="line__value", verbose_name=_("Value"))
    targets = tables.Column(verbose_name=_("Target in force"), orderable=False, empty_values=())
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
        return format_html('{}<span class="sub">{}</span>', coverage_cell(value, None), record.months_in_words)

    def render_counts(self, record: LineReport) -> SafeString:
        title = _now("weight × criticality of the contract")
        line = record.line
        return format_html('<span title="{}">{} × {}</span>', title, ui.number(line.weight), line.criticality)
