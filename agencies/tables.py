"""Lists of the demand side."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class AgencyTable(tables.Table):
    """Agencies with what they use and where their outcomes stand."""

    name = tables.Column(accessor="organization__name", verbose_name=_("Agency"), linkify=True)
    code = tables.Column(accessor="organization__code", verbose_name=_("Code"))
    parent = tables.Column(accessor="organization__parent__name", verbose_name=_("Part of"))
    manager = tables.Column(verbose_name=_("BRM manager"))
    services = tables.Column(verbose_name=_("Services used"), attrs=NUMBER)
    contracts = tables.Column(verbose_name=_("Contracts in force"), attrs=NUMBER)
    contract_value = tables.TemplateColumn(
        "{% load ui %}{{ value|money }}", verbose_name=_("Contract value"), attrs=NUMBER
    )
    outcomes_on_track = tables.Column(verbose_name=_("Outcomes on track"), attrs=NUMBER)

    class Meta:
        model = Agency
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Agencies")
        empty_text = _("No agency matches these filters.")

    def render_outcomes_on_track(self, value: int, record: Agency) -> str:
        return f"{value} / {record.outcomes}"  # type: ignore[attr-defined]  # Annotated by with_figures.

    def value_outcomes_on_track(self, value: int) -> int:
        return value
