"""Lists of contracts."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.directory.links import agency_link
from kernel.tables import Column, DateColumn, FigureColumn, MoneyColumn, NameColumn, OrganizationColumn, Table
from vendors.contracts.terms import CancelBy
from vendors.links import vendor_link
from vendors.models import Contract


class ContractTable(Table):
    """Agreements."""

    title = NameColumn(code="number", verbose_name=_("Contract"), linkify=True)
    number = Column(verbose_name=_("Number"), visible=False)
    vendor = OrganizationColumn(accessor="vendor__organization", link=vendor_link, verbose_name=_("Vendor"))
    agency = OrganizationColumn(link=agency_link, verbose_name=_("Agency"))
    kind = Column(verbose_name=_("Kind"))
    holder = Column(verbose_name=_("Held by"))
    criticality = FigureColumn(verbose_name=_("Criticality"))
    value = MoneyColumn(currency="currency", verbose_name=_("Value"))
    currency = Column(visible=False)
    starts_on = DateColumn(verbose_name=_("Starts"))
    ends_on = DateColumn(verbose_name=_("Ends"))
    cancel_by = DateColumn(verbose_name=_("Cancel by"))

    class Meta:
        model = Contract
        fields: tuple[str, ...] = ()
        order_by = "title"
        caption = _("Contracts")
        empty_text = _("No contract matches these filters.")
        default = "–"

    def order_cancel_by(self, rows: QuerySet[Contract], is_descending: bool) -> tuple[QuerySet[Contract], bool]:
        """Contracts without such a day come last in either order."""
        day = CancelBy()
        return rows.order_by(day.desc(nulls_last=True) if is_descending else day.asc(nulls_last=True), "pk"), True
