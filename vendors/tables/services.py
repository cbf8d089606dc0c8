"""Lists of services."""

from decimal import Decimal

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kernel.tables import FigureColumn, NameColumn, with_code
from kernel.templatetags import ui
from vendors.links import vendor_link
from vendors.models import Service


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
