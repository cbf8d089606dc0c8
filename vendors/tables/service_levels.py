"""Lists of service levels and their measurements."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.directory.links import agency_link
from kernel.tables import (
    ActionColumn,
    Column,
    DateColumn,
    FigureColumn,
    NameColumn,
    OrganizationColumn,
    Table,
    in_unit,
)
from kernel.templatetags import ui
from metrics.models import Indicator, Measurement
from vendors.links import vendor_link
from vendors.models import ServiceLevel


class ServiceLevelTable(Table):
    """Service levels with what was agreed and what was measured last."""

    name = NameColumn(
        accessor="series__indicator__name", code="series__code", verbose_name=_("Service level"), linkify=True
    )
    code = Column(accessor="series__code", verbose_name=_("Code"), visible=False)
    dimension = Column(verbose_name=_("Dimension"))
    vendor = OrganizationColumn(accessor="contract__vendor__organization", link=vendor_link, verbose_name=_("Vendor"))
    agency = OrganizationColumn(accessor="contract__agency", link=agency_link, verbose_name=_("Agency"))
    weight = FigureColumn(verbose_name=_("Weight"), text=ui.number)
    cadence = Column(accessor="series__indicator__cadence", verbose_name=_("Measured"))
    target = FigureColumn(verbose_name=_("Target"), text=ui.number)
    latest_value = FigureColumn(verbose_name=_("Latest value"))
    unit = Column(accessor="series__indicator__unit", verbose_name=_("Unit"), visible=False)
    latest_month = FigureColumn(verbose_name=_("Latest month"), text=ui.month, attrs={})

    class Meta:
        model = ServiceLevel
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Service levels")
        empty_text = _("No service level matches these filters.")

    def render_latest_value(self, value: Decimal, record: ServiceLevel) -> SafeString:
        return with_unit(value, record)


def with_unit(value: Decimal, level: ServiceLevel) -> SafeString:
    """A figure with its unit: 97.5%, or words below it."""
    return in_unit(ui.number(value), level.series.indicator.unit)


class MeasurementTable(Table):
    """What was observed, the excluded ones struck through with the reason."""

    observed_on = DateColumn(format="DATE_FORMAT", attrs={}, verbose_name=_("Observed"))
    value = FigureColumn(verbose_name=_("Value"), text=ui.number)
    numerator = FigureColumn(verbose_name=_("Numerator"), text=ui.number)
    denominator = FigureColumn(verbose_name=_("Denominator"), text=ui.number)
    reference = Column(verbose_name=_("Reference"), default="")
    comment = Column(verbose_name=_("Comment"), default="")
    excluded = Column(accessor="exclusion_reason", verbose_name=_("Excluded because"), default="")
    correct = ActionColumn(verbose_name=_("Correct"))

    class Meta:
        order_by = "-observed_on"
        caption = _("Measurements")
        empty_text = _("Nothing was measured yet.")

    def __init__(self, *args: Any, indicator: Indicator, correctable: bool, **kwargs: Any) -> None:
        of_sums = indicator.is_ratio
        unused: tuple[str, ...] = ("value",) if of_sums else ("numerator", "denominator")
        unused += () if correctable else ("correct",)
        super().__init__(*args, exclude=unused, **kwargs)

    def render_correct(self, value: int, record: Measurement) -> SafeString:
        day = date_format(record.observed_on)
        link = '<a href="{}">{}<span class="visually-hidden"> {}</span></a>'
        change = format_html(link, reverse("metrics:measurement_update", args=[value]), _now("Change"), day)
        if record.excluded_at is None:
            other, name = _now("Exclude"), "metrics:measurement_exclude"
        else:
            other, name = _now("Admit again"), "metrics:measurement_readmit"
        return format_html("{} · {}", change, format_html(link, reverse(name, args=[value]), other, day))

    def render_value(self, value: Decimal, record: Measurement) -> SafeString | str:
        return struck(ui.number(value), record)

    def render_numerator(self, value: Decimal, record: Measurement) -> SafeString | str:
        return struck(ui.number(value), record)


def struck(text: str, measurement: Measurement) -> SafeString | str:
    """Struck through where the measurement takes no part."""
    if measurement.excluded_at is None:
        return text
    return format_html('<del>{}<span class="visually-hidden"> {}</span></del>', text, _now("excluded"))
