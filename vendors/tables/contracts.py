"""Lists of contracts."""

from decimal import Decimal

import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kernel.directory.links import agency_link
from kernel.tables import FigureColumn, NameColumn, with_code
from kernel.templatetags import ui
from vendors.contracts.terms import CancelBy
from vendors.links import vendor_link
from vendors.models import Contract

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
