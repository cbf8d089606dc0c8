"""Lists of vendors."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.tables import FigureColumn, NameColumn, with_code
from kernel.templatetags import ui
from metrics.models import Methodology
from vendors.models import Scorecard, Vendor
from vendors.tables.scorecards import ScoredTable, coverage_cell


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
