"""Lists of vendors."""

from decimal import Decimal
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.tables import Column, CoverageColumn, FigureColumn, MoneyColumn, NameColumn, Table, TrendColumn
from kernel.templatetags import ui
from metrics.models import Methodology
from vendors.models import Scorecard, Vendor
from vendors.tables.scorecards import GradeColumn


class StandingColumn(GradeColumn):
    """The grade of a vendor, if it was scored at all."""

    def render(self, value: Any, record: Any, table: Any) -> SafeString:
        if record.scorecard is None:
            return format_html('<span class="muted">{}</span>', _now("Not scored"))
        return ui.grade(value, record.position, len(table.edges))

    def value(self, value: Any, record: Any) -> str:
        if record.scorecard is None:
            return _now("Not scored")
        return value or _now("Insufficient evidence")


class VendorTable(Table):
    """Vendors beside their scorecard of one period."""

    name = NameColumn(accessor="organization__name", code="organization__code", verbose_name=_("Vendor"), linkify=True)
    code = Column(accessor="organization__code", verbose_name=_("Code"), visible=False)
    kind = Column(verbose_name=_("Kind"))
    segment = Column(verbose_name=_("Segment"))
    grade = StandingColumn(verbose_name=_("Grade"))
    score = FigureColumn(verbose_name=_("Score"))
    trend = TrendColumn(verbose_name=_("Trend"))
    coverage = CoverageColumn(minimum=lambda table, vendor: table.minimum, verbose_name=_("Coverage"))
    contracts_held = FigureColumn(verbose_name=_("Contracts in force"))
    value = MoneyColumn(verbose_name=_("Value"))

    class Meta:
        model = Vendor
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Vendors")
        empty_text = _("No vendor matches these filters.")

    def __init__(self, *args: Any, methodology: Methodology | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edges = methodology.edges if methodology else []
        self.minimum = methodology.minimum_coverage if methodology else None

    def order_segment(self, rows: QuerySet[Vendor], is_descending: bool) -> tuple[QuerySet[Vendor], bool]:
        """By the attention the relationship deserves, not by letter."""
        ranks = [When(segment=segment, then=Value(rank)) for rank, segment in enumerate(Vendor.Segment)]
        rank = Case(*ranks, output_field=IntegerField())
        return rows.order_by(rank.desc() if is_descending else rank.asc(), "pk"), True

    def render_score(self, value: Decimal, record: Any) -> SafeString:
        text = ui.score(value, self.edges)
        page = Scorecard(pk=record.scorecard).get_absolute_url()
        return format_html('<a class="score" href="{}">{}</a>', page, text)

    def render_trend(self, value: Decimal | None, record: Any) -> SafeString | str:
        return "" if record.scorecard is None else ui.trend(value)
