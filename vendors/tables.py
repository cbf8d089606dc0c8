"""Lists of the supply side."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel.directory.links import agency_link
from kernel.tables import FigureColumn, NameColumn, in_unit, with_code
from kernel.templatetags import ui
from metrics.models import Indicator, Measurement, Methodology
from vendors.explaining import LineReport
from vendors.links import vendor_link
from vendors.models import Contract, Scorecard, Service, ServiceLevel, Vendor
from vendors.terms import CancelBy

DATE = {"td": {"class": "nowrap"}, "th": {"class": "nowrap"}}


class ContractTable(tables.Table):
    """Agreements."""

    title = NameColumn(verbose_name=_("Contract"), linkify=True)
    number = tables.Column(verbose_name=_("Number"), visible=False)
    vendor = NameColumn(accessor="vendor__organization__name", verbose_name=_("Vendor"))
    agency = NameColumn(accessor="agency__name", verbose_name=_("Agency"))
    kind = tables.Column(verbose_name=_("Kind"))
    holder = tables.Column(verbose_name=_("Held by"))
    criticality = FigureColumn(verbose_name=_("Criticality"))
    value = FigureColumn(verbose_name=_("Value"))
    currency = tables.Column(visible=False)
    starts_on = tables.DateColumn(verbose_name=_("Starts"), attrs=DATE)
    ends_on = tables.DateColumn(verbose_name=_("Ends"), attrs=DATE)
    cancel_by = tables.DateColumn(verbose_name=_("Cancel by"), attrs=DATE)

    class Meta:
        model = Contract
        fields: tuple[str, ...] = ()
        order_by = "title"
        caption = _("Contracts")
        empty_text = _("No contract matches these filters.")
        default = "–"

    def render_title(self, value: str, record: Contract) -> SafeString:
        return with_code(value, record.number)

    def value_title(self, value: str) -> str:
        return value

    def render_vendor(self, record: Contract) -> SafeString:
        return vendor_link(self.request, record.vendor.organization)

    def value_vendor(self, value: str) -> str:
        return value

    def render_agency(self, record: Contract) -> SafeString:
        return agency_link(self.request, record.agency)

    def value_agency(self, value: str) -> str:
        return value

    def render_value(self, value: Decimal, record: Contract) -> str:
        return ui.money(value, record.currency)

    def order_cancel_by(self, rows: QuerySet[Contract], is_descending: bool) -> tuple[QuerySet[Contract], bool]:
        """Contracts without such a day come last in either order."""
        day = CancelBy()
        return rows.order_by(day.desc(nulls_last=True) if is_descending else day.asc(nulls_last=True), "pk"), True


class ServiceTable(tables.Table):
    """The catalogue."""

    name = NameColumn(verbose_name=_("Service"), linkify=True)
    code = tables.Column(verbose_name=_("Code"), visible=False)
    provider = NameColumn(accessor="provider__organization__name", verbose_name=_("Provider"))
    lifecycle = tables.Column(verbose_name=_("Lifecycle"))
    subscribers = FigureColumn(verbose_name=_("Agencies using it"))
    yearly_spending = FigureColumn(verbose_name=_("Yearly spending"))

    class Meta:
        model = Service
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Services")
        empty_text = _("No service matches these filters.")
        default = "–"

    def render_name(self, value: str, record: Service) -> SafeString:
        return with_code(value, record.code)

    def value_name(self, value: str) -> str:
        return value

    def render_provider(self, record: Service) -> SafeString:
        return vendor_link(self.request, record.provider.organization)

    def value_provider(self, value: str) -> str:
        return value

    def render_yearly_spending(self, value: Decimal, record: Service) -> str:
        return ui.money(value, record.currency)


class ScoredTable(tables.Table):
    """What lists with scores share: files get the exact figures."""

    def value_score(self, value: Decimal) -> Decimal:
        return value

    def value_trend(self, value: Decimal | None) -> Decimal | None:
        return value

    def value_coverage(self, value: Decimal) -> Decimal:
        return value


class VendorTable(ScoredTable):
    """Vendors beside their scorecard of one period."""

    name = NameColumn(accessor="organization__name", verbose_name=_("Vendor"), linkify=True)
    code = tables.Column(accessor="organization__code", verbose_name=_("Code"), visible=False)
    kind = tables.Column(verbose_name=_("Kind"))
    segment = tables.Column(verbose_name=_("Segment"))
    grade = FigureColumn(accessor="score", verbose_name=_("Grade"), attrs={}, empty_values=())
    score = FigureColumn(verbose_name=_("Score"))
    trend = FigureColumn(verbose_name=_("Trend"), empty_values=())
    coverage = FigureColumn(verbose_name=_("Coverage"), attrs={})
    contracts_held = FigureColumn(verbose_name=_("Contracts in force"))
    value = FigureColumn(verbose_name=_("Value"), text=ui.money)

    class Meta:
        model = Vendor
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Vendors")
        empty_text = _("No vendor matches these filters.")

    def __init__(self, *args: Any, methodology: Methodology | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.methodology = methodology
        self.edges = methodology.edges if methodology else []

    def order_segment(self, rows: QuerySet[Vendor], is_descending: bool) -> tuple[QuerySet[Vendor], bool]:
        """By the attention the relationship deserves, not by letter."""
        ranks = [When(segment=segment, then=Value(rank)) for rank, segment in enumerate(Vendor.Segment)]
        rank = Case(*ranks, output_field=IntegerField())
        return rows.order_by(rank.desc() if is_descending else rank.asc(), "pk"), True

    def render_name(self, value: str, record: Vendor) -> SafeString:
        return with_code(value, record.organization.code)

    def value_name(self, value: str) -> str:
        return value

    def render_grade(self, record: Any) -> SafeString:
        if record.scorecard is None:
            return format_html('<span class="muted">{}</span>', _now("Not scored"))
        return ui.grade(record.grade, record.position, len(self.edges))

    def value_grade(self, record: Any) -> str:
        if record.scorecard is None:
            return _now("Not scored")
        return record.grade or _now("Insufficient evidence")

    def render_score(self, value: Decimal, record: Any) -> SafeString:
        text = ui.score(value, self.edges)
        page = Scorecard(pk=record.scorecard).get_absolute_url()
        return format_html('<a class="score" href="{}">{}</a>', page, text)

    def render_trend(self, value: Decimal | None, record: Any) -> SafeString | str:
        return "" if record.scorecard is None else ui.trend(value)

    def render_coverage(self, value: Decimal) -> SafeString:
        return coverage_cell(value, self.methodology)


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


class ServiceLevelTable(tables.Table):
    """Service levels with what was agreed and what was measured last."""

    name = NameColumn(accessor="series__indicator__name", verbose_name=_("Service level"), linkify=True)
    code = tables.Column(accessor="series__code", verbose_name=_("Code"), visible=False)
    dimension = tables.Column(verbose_name=_("Dimension"))
    vendor = NameColumn(accessor="contract__vendor__organization__name", verbose_name=_("Vendor"))
    agency = NameColumn(accessor="contract__agency__name", verbose_name=_("Agency"))
    weight = FigureColumn(verbose_name=_("Weight"), text=ui.number)
    cadence = tables.Column(accessor="series__indicator__cadence", verbose_name=_("Measured"))
    target = FigureColumn(verbose_name=_("Target"), text=ui.number)
    latest_value = FigureColumn(verbose_name=_("Latest value"), text=ui.number)
    unit = tables.Column(accessor="series__indicator__unit", verbose_name=_("Unit"), visible=False)
    latest_month = FigureColumn(verbose_name=_("Latest month"), text=ui.month, attrs={})

    class Meta:
        model = ServiceLevel
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Service levels")
        empty_text = _("No service level matches these filters.")

    def render_name(self, value: str, record: ServiceLevel) -> SafeString:
        return with_code(value, record.code)

    def value_name(self, value: str) -> str:
        return value

    def render_latest_value(self, value: Decimal, record: ServiceLevel) -> SafeString:
        return with_unit(value, record)

    def value_latest_value(self, value: Decimal) -> Decimal:
        return value

    def render_vendor(self, record: ServiceLevel) -> SafeString:
        return vendor_link(self.request, record.contract.vendor.organization)

    def value_vendor(self, value: str) -> str:
        return value

    def render_agency(self, record: ServiceLevel) -> SafeString:
        return agency_link(self.request, record.contract.agency)

    def value_agency(self, value: str) -> str:
        return value


def with_unit(value: Decimal, level: ServiceLevel) -> SafeString:
    """A figure with its unit: 97.5%, or words below it."""
    return in_unit(ui.number(value), level.series.indicator.unit)


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


class MeasurementTable(tables.Table):
    """What was observed, the excluded ones struck through with the reason."""

    observed_on = tables.DateColumn(format="DATE_FORMAT", verbose_name=_("Observed"))
    value = FigureColumn(verbose_name=_("Value"), text=ui.number)
    numerator = FigureColumn(verbose_name=_("Numerator"), text=ui.number)
    denominator = FigureColumn(verbose_name=_("Denominator"), text=ui.number)
    reference = tables.Column(verbose_name=_("Reference"), default="")
    comment = tables.Column(verbose_name=_("Comment"), default="")
    excluded = tables.Column(accessor="exclusion_reason", verbose_name=_("Excluded because"), default="")
    correct = tables.Column(accessor="pk", verbose_name=_("Correct"), orderable=False, exclude_from_export=True)

    class Meta:
        order_by = "-observed_on"
        caption = _("Measurements")
        empty_text = _("Nothing was measured yet.")

    def __init__(self, *args: Any, indicator: Indicator, correctable: bool, **kwargs: Any) -> None:
        of_sums = indicator.is_ratio
        unused: tuple[str, ...] = ("value",) if of_sums else ("numerator", "denominator")
        unused += () if correctable else ("correct",)
        super().__init__(*args, exclude=unused, **kwargs)

    def render_correct(self, value: int, record: Measurement) -> SafeString:
        day = date_format(record.observed_on)
        link = '<a href="{}">{}<span class="visually-hidden"> {}</span></a>'
        change = format_html(link, reverse("metrics:measurement_update", args=[value]), _now("Change"), day)
        if record.excluded_at is None:
            other, name = _now("Exclude"), "metrics:measurement_exclude"
        else:
            other, name = _now("Admit again"), "metrics:measurement_readmit"
        return format_html("{} · {}", change, format_html(link, reverse(name, args=[value]), other, day))

    def render_value(self, value: Decimal, record: Measurement) -> SafeString | str:
        return struck(ui.number(value), record)

    def render_numerator(self, value: Decimal, record: Measurement) -> SafeString | str:
        return struck(ui.number(value), record)


def struck(text: str, measurement: Measurement) -> SafeString | str:
    """Struck through where the measurement takes no part."""
    if measurement.excluded_at is None:
        return text
    return format_html('<del>{}<span class="visually-hidden"> {}</span></del>', text, _now("excluded"))
