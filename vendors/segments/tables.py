"""The list of proposed segments."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.tables import ActionColumn, Column, FigureColumn, MoneyColumn, NameColumn, Table
from vendors.models import Vendor
from vendors.segments.proposing import QUADRANT_OF


class ProposedColumn(Column):
    """The segment that the rules propose, and what people said to it."""

    def render(self, value: str, record: Any) -> SafeString | str:
        segment = Vendor.Segment(value)
        label, quadrant = segment.label, QUADRANT_OF[segment].name
        if value == record.segment:
            return format_html('{}<span class="sub">{}</span>', label, quadrant)
        note = _now("declined") if value == record.declined_segment else _now("to decide")
        return format_html('{} <span class="tag">{}</span><span class="sub">{}</span>', label, note, quadrant)

    def value(self, value: str, record: Any) -> str:
        return str(Vendor.Segment(value).label)


class ProposalTable(Table):
    """Vendors with what the rules read of them, what they propose, and what people decided."""

    name = NameColumn(accessor="organization__name", code="organization__code", verbose_name=_("Vendor"), linkify=True)
    code = Column(accessor="organization__code", verbose_name=_("Code"), visible=False)
    spending = MoneyColumn(verbose_name=_("Contracts in force"))
    criticality = FigureColumn(verbose_name=_("Highest criticality"))
    segment = Column(verbose_name=_("Segment now"))
    proposed = ProposedColumn(verbose_name=_("Proposed"))
    choose = ActionColumn(verbose_name=_("Choose"), visible=False)

    class Meta:
        model = Vendor
        fields: tuple[str, ...] = ()
        order_by = "-spending"
        caption = _("Proposed segments")
        empty_text = _("No vendor matches these filters.")
        default = "–"

    def render_choose(self, record: Any) -> SafeString | str:
        if not record.proposed or record.proposed == record.segment:
            return ""
        label = _now("Choose %(vendor)s") % {"vendor": record}
        box = '<input type="checkbox" name="chosen" value="{}={}" aria-label="{}" form="decide">'
        return format_html(box, record.organization.code, record.proposed, label)
