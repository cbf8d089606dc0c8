"""Lists of likely duplicates and of merges."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.directory.models import OrganizationMerge
from kernel.tables import Column, FigureColumn, NameColumn, Table, TimeColumn, with_code
from vendors.models import LikelyDuplicate


def percent(certainty: Decimal) -> str:
    """A certainty as people read it; only what is certain is 100 %."""
    return f"{int(certainty * 100)} %"


class ReasonsColumn(Column):
    """What speaks for two being one, and what against it."""

    def render(self, value: Any, record: LikelyDuplicate) -> SafeString:
        against = format_html_join(
            "", '<span class="sub">{}: {}</span>', ((_now("Against it"), each) for each in record.reasons_against)
        )
        return format_html("{}{}", "; ".join(record.reasons_for) or _now("Chosen by hand"), against)

    def value(self, value: Any, record: LikelyDuplicate) -> str:
        return "; ".join([*record.reasons_for, *(f"{_now('Against it')}: {each}" for each in record.reasons_against)])


class LikelyDuplicateTable(Table):
    """Pairs of vendors that may be one, the likeliest first."""

    one = NameColumn(accessor="one__organization__name", verbose_name=_("Vendor"))
    other = NameColumn(
        accessor="other__organization__name", code="other__organization__code", verbose_name=_("Maybe the same")
    )
    certainty = FigureColumn(verbose_name=_("Certainty"), text=percent)
    reasons = ReasonsColumn(verbose_name=_("What speaks for and against"), orderable=False)
    decision = Column(verbose_name=_("Decision"))

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


class MergeTable(Table):
    """What was made one, the latest first."""

    absorbed = NameColumn(accessor="absorbed__name", verbose_name=_("Merged"))
    kept = NameColumn(accessor="kept__name", code="kept__code", verbose_name=_("Into"))
    merged_at = TimeColumn(verbose_name=_("When"), format="DATETIME_FORMAT")
    merged_by = Column(accessor="merged_by__name", verbose_name=_("By"))
    reason = Column(verbose_name=_("Reason"), orderable=False)
    undone_at = TimeColumn(verbose_name=_("Undone"), format="DATETIME_FORMAT")

    class Meta:
        model = OrganizationMerge
        fields: tuple[str, ...] = ()
        order_by = "-merged_at"
        caption = _("Merged vendors")
        empty_text = _("No merge matches these filters.")
        default = "–"

    def render_absorbed(self, value: str, record: OrganizationMerge) -> SafeString:
        link = format_html('<a href="{}">{}</a>', reverse("vendors:merge_detail", args=[record.pk]), value)
        return with_code(link, record.absorbed.code)
