"""Lists of the supply side."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from vendors.models import Contract, Service

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class ContractTable(tables.Table):
    """Agreements."""

    title = tables.Column(verbose_name=_("Contract"), linkify=True)
    number = tables.Column()
    vendor = tables.Column(accessor="vendor__organization__name", verbose_name=_("Vendor"))
    agency = tables.Column(accessor="agency__name", verbose_name=_("Agency"))
    kind = tables.Column()
    holder = tables.Column()
    criticality = tables.Column(attrs=NUMBER)
    value = tables.TemplateColumn("{% load ui %}{{ value|money:record.currency }}", attrs=NUMBER)
    currency = tables.Column(visible=False)
    starts_on = tables.DateColumn(verbose_name=_("Starts"))
    ends_on = tables.DateColumn(verbose_name=_("Ends"), default="–")

    class Meta:
        model = Contract
        fields: tuple[str, ...] = ()
        order_by = "title"
        caption = _("Contracts")
        empty_text = _("No contract matches these filters.")

    def value_value(self, value: object) -> object:
        """The full amount in files."""
        return value


class ServiceTable(tables.Table):
    """The catalogue."""

    name = tables.Column(verbose_name=_("Service"), linkify=True)
    code = tables.Column()
    provider = tables.Column(accessor="provider__organization__name", verbose_name=_("Provider"))
    lifecycle = tables.Column()
    subscribers = tables.Column(verbose_name=_("Agencies using it"), attrs=NUMBER)
    yearly_spending = tables.TemplateColumn("{% load ui %}{{ value|money:record.currency }}", attrs=NUMBER)

    class Meta:
        model = Service
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Services")
        empty_text = _("No service matches these filters.")

    def value_yearly_spending(self, value: object) -> object:
        """The full amount in files."""
        return value
