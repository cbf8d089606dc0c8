"""Lists of likely duplicates and of merges."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.directory.models import OrganizationMerge
from kernel.tables import FigureColumn, NameColumn, with_code
from vendors.models import LikelyDuplicate


def percent(certainty: Decimal) -> str:
    """A certainty as people read it; only what is certain is 100 %."""
    return f"{int(certainty * 100)} %"


class LikelyDuplicateTable(tables.Table):
    """Pairs of vendors that may be one, the likeliest first."""

    one = NameColumn(accessor="one__organization__name", verbose_name=_("Vendor"))
    other = NameColumn(accessor="other__organization__name", verbose_name=_("Maybe the same"))
    certainty = FigureColumn(verbose_name=_("Certainty"), text=percent)
    reasons = tables.Column(verbose_name=_("What speaks for and against"), orderable=False)
    decision = tables.Column(verbose_name=_("Decision"))

    class Meta:
        model = LikelyDuplicate
        fields: tuple[str, ...] = ()
        order_by = "-certainty"
        caption = _("Likely duplicates")
        empty_text = _("No pair of vendors matches these filters.")
        default = "–"

    def render_one(self, value: str, record: LikelyDuplicate) -> SafeString:
        label = _now("Compare %(one)s and %(other)s") % {"one": value, "other": record.other}
        link = format_html('<a href="{}" aria-label="{}">{}</a>', record.get_absolute_url(), label, value)
        return with_code(link, record.one.organization.code)

    def value_one(self, value: str) -> str:
        return value

    def render_other(self, value: str, record: LikelyDuplicate) -> SafeString:
        return with_code(value, record.other.organization.code)

    def value_other(self, value: str) -> str:
        return value

    def render_reasons(self, record: LikelyDuplicate) -> SafeString:
        against = format_html_join(
            "", '<span class="sub">{}: {}</span>', ((_now("Against it"), each) for each in record.reasons_against)
        )
        return format_html("{}{}", "; ".join(record.reasons_for) or _now("Chosen by hand"), against)

    def value_reasons(self, record: LikelyDuplicate) -> str:
        return "; ".join([*record.reasons_for, *(f"{_now('Against it')}: {each}" for each in record.reasons_against)])

    def render_decision(self, record: LikelyDuplicate) -> str:
        return record.get_decision_display()

    def value_decision(self, record: LikelyDuplicate) -> Any:
        return record.get_decision_display()


class MergeTable(tables.Table):
    """What was made one, the latest first."""

    absorbed = NameColumn(accessor="absorbed__name", verbose_name=_("Merged"))
    kept = NameColumn(accessor="kept__name", verbose_name=_("Into"))
    merged_at = tables.DateTimeColumn(verbose_name=_("When"), format="DATETIME_FORMAT")
    merged_by = tables.Column(accessor="merged_by__name", verbose_name=_("By"))
    reason = tables.Column(verbose_name=_("Reason"), orderable=False)
    undone_at = tables.DateTimeColumn(verbose_name=_("Undone"), format="DATETIME_FORMAT")

    class Meta:
        model = OrganizationMerge
        fields: tuple[str, ...] = ()
        order_by = "-merged_at"
        caption = _("Merged vendors")
        empty_text = _("No merge matches these filters.")
        default = "–"

    def render_absorbed(self, value: str, record: OrganizationMerge) -> SafeString:
        link = format_html('<a href="{}">{}</a>', record.get_absolute_url(), value)
        return with_code(link, record.absorbed.code)

    def value_absorbed(self, value: str) -> str:
        return value

    def render_kept(self, value: str, record: OrganizationMerge) -> SafeString:
        return with_code(value, record.kept.code)

    def value_kept(self, value: str) -> str:
        return value
