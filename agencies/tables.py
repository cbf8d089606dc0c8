"""Lists of the demand side."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from kernel.directory.links import agency_link
from kernel.tables import Column, FigureColumn, MoneyColumn, NameColumn, OrganizationColumn, Table


class AgencyTable(Table):
    """Agencies with what they use and where their outcomes stand."""

    name = NameColumn(accessor="organization__name", code="organization__code", verbose_name=_("Agency"), linkify=True)
    code = Column(accessor="organization__code", verbose_name=_("Code"), visible=False)
    parent = OrganizationColumn(accessor="organization__parent", link=agency_link, verbose_name=_("Part of"))
    manager = NameColumn(verbose_name=_("BRM manager"))
    services = FigureColumn(verbose_name=_("Services used"))
    contracts = FigureColumn(verbose_name=_("Contracts in force"))
    contract_value = MoneyColumn(verbose_name=_("Contract value"))
    outcomes_on_track = FigureColumn(verbose_name=_("Outcomes on track"))
    outcomes = FigureColumn(verbose_name=_("Outcomes"), visible=False)

    class Meta:
        model = Agency
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Agencies")
        empty_text = _("No agency matches these filters.")
        default = "–"

    def render_outcomes_on_track(self, value: int, record: Agency) -> str:
        outcomes = record.outcomes  # type: ignore[attr-defined]  # annotated by with_figures
        return _now("%(n)d of %(all)d") % {"n": value, "all": outcomes} if outcomes else "–"
