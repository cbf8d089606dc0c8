"""Lists of services."""

from django.utils.translation import gettext_lazy as _

from kernel.tables import Column, FigureColumn, MoneyColumn, NameColumn, OrganizationColumn, Table
from vendors.links import vendor_link
from vendors.models import Service


class ServiceTable(Table):
    """The catalogue."""

    name = NameColumn(code="code", verbose_name=_("Service"), linkify=True)
    code = Column(verbose_name=_("Code"), visible=False)
    provider = OrganizationColumn(accessor="provider__organization", link=vendor_link, verbose_name=_("Provider"))
    lifecycle = Column(verbose_name=_("Lifecycle"))
    subscribers = FigureColumn(verbose_name=_("Agencies using it"))
    yearly_spending = MoneyColumn(currency="currency", verbose_name=_("Yearly spending"))

    class Meta:
        model = Service
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Services")
        empty_text = _("No service matches these filters.")
        default = "–"
