"""Lists of the demand side."""

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from kernel.directory.links import agency_link
from kernel.tables import FigureColumn, NameColumn, with_code
from kernel.templatetags.ui import money


class AgencyTable(tables.Table):
    """Agencies with what they use and where their outcomes stand."""

    name = NameColumn(accessor="organization__name", verbose_name=_("Agency"), linkify=True)
    code = tables.Column(accessor="organization__code", verbose_name=_("Code"), visible=False)
    parent = NameColumn(accessor="organization__parent__name", verbose_name=_("Part of"))
    manager = NameColumn(verbose_name=_("BRM manager"))
    services = FigureColumn(verbose_name=_("Services used"))
    contracts = FigureColumn(verbose_name=_("Contracts in force"))
    contract_value = FigureColumn(verbose_name=_("Contract value"), text=money)
    outcomes_on_track = FigureColumn(verbose_name=_("Outcomes on track"))

    class Meta:
        model = Agency
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Agencies")
        empty_text = _("No agency matches these filters.")
        default = "–"

    def render_name(self, value: str, record: Agency) -> SafeString:
        return with_code(value, record.organization.code)

    def value_name(self, value: str) -> str:
        return value

    def render_parent(self, record: Agency) -> SafeString | str:
        parent = record.organization.parent
        return agency_link(self.request, parent) if parent else "–"

    def value_parent(self, value: str) -> str:
        return value

    def render_outcomes_on_track(self, value: int, record: Agency) -> str:
        outcomes = record.outcomes  # type: ignore[attr-defined]  # annotated by with_figures
        return _now("%(n)d of %(all)d") % {"n": value, "all": outcomes} if outcomes else "–"
