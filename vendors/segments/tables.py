"""The list of proposed segments."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.tables import FigureColumn, NameColumn, with_code
from kernel.templatetags import ui
from vendors.models import Vendor
from vendors.segments.proposing import QUADRANT_OF


class ProposalTable(tables.Table):
    """Vendors with what the rules read of them, what they propose, and what people decided."""

    name = NameColumn(accessor="organization__name", verbose_name=_("Vendor"), linkify=True)
    code = tables.Column(accessor="organization__code", verbose_name=_("Code"), visible=False)
    spending = FigureColumn(verbose_name=_("Contracts in force"), text=ui.money)
    criticality = FigureColumn(verbose_name=_("Highest criticality"))
    segment = tables.Column(verbose_name=_("Segment now"))
    proposed = tables.Column(verbose_name=_("Proposed"))
    choose = tables.Column(
        accessor="pk", verbose_name=_("Choose"), orderable=False, exclude_from_export=True, visible=False
    )

    class Meta:
        model = Vendor
        fields: tuple[str, ...] = ()
        order_by = "-spending"
        caption = _("Proposed segments")
        empty_text = _("No vendor matches these filters.")
        default = "–"

    def render_name(self, value: str, record: Vendor) -> SafeString:
        return with_code(value, record.organization.code)

    def value_name(self, value: str) -> str:
        return value

    def render_proposed(self, value: str, record: Any) -> SafeString | str:
        segment = Vendor.Segment(value)
        label, quadrant = segment.label, QUADRANT_OF[segment].name
        if value == record.segment:
            return format_html('{}<span class="sub">{}</span>', label, quadrant)
        note = _now("declined") if value == record.declined_segment else _now("to decide")
        return format_html('{} <span class="tag">{}</span><span class="sub">{}</span>', label, note, quadrant)

    def value_proposed(self, value: str) -> str:
        return str(Vendor.Segment(value).label) if value else ""

    def render_choose(self, record: Any) -> SafeString | str:
        if not record.proposed or record.proposed == record.segment:
            return ""
        label = _now("Choose %(vendor)s") % {"vendor": record}
        box = '<input type="checkbox" name="chosen" value="{}={}" aria-label="{}" form="decide">'
        return format_html(box, record.organization.code, record.proposed, label)
