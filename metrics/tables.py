"""Lists of measuring."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from metrics.models import Indicator, Methodology, Outcome, OutcomeReading

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class OutcomeTable(tables.Table):
    """Outcomes with where they stand."""

    name = tables.Column(verbose_name=_("Outcome"), linkify=True)
    agency = tables.Column(accessor="organization__name", verbose_name=_("Agency"))
    baseline = tables.TemplateColumn(
        "{% load ui %}{{ record.first_measure.latest_floor|number }}",
        verbose_name=_("Baseline"),
        orderable=False,
        attrs=NUMBER,
    )
    target = tables.TemplateColumn(
        "{% load ui %}{{ record.first_measure.latest_target|number }}",
        verbose_name=_("Target"),
        orderable=False,
        attrs=NUMBER,
    )
    latest = tables.TemplateColumn(template_name="metrics/cells/latest.html", orderable=False, attrs=NUMBER)
    status = tables.TemplateColumn(template_name="metrics/cells/status.html", verbose_name=_("Status"))
    attainment = tables.TemplateColumn("{% load ui %}{{ value|score }}", verbose_name=_("Attainment"), attrs=NUMBER)
    change = tables.TemplateColumn(
        '{% load ui %}{% trend value "points" %}', verbose_name=_("Change in a year"), attrs=NUMBER
    )
    coverage = tables.TemplateColumn("{% load ui %}{% coverage_bar value %}", verbose_name=_("Coverage"))

    class Meta:
        model = Outcome
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Outcomes")
        empty_text = _("No outcome matches these filters.")

    def value_status(self, value: str) -> str:
        return str(OutcomeReading.Status(value).label)


class IndicatorTable(tables.Table):
    """Indicators with how they are read."""

    name = tables.Column(verbose_name=_("Indicator"), linkify=True)
    code = tables.Column()
    unit = tables.Column()
    direction = tables.Column()
    aggregation = tables.Column()
    cadence = tables.Column()
    series_count = tables.Column(verbose_name=_("Series"), attrs=NUMBER)

    class Meta:
        model = Indicator
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("Indicators")
        empty_text = _("No indicator matches these filters.")


class MethodologyTable(tables.Table):
    """Versions of the scoring method."""

    name = tables.Column(verbose_name=_("Methodology"), linkify=True)
    edition = tables.Column(attrs=NUMBER)
    code = tables.Column()
    is_default = tables.BooleanColumn(verbose_name=_("The state's default"), yesno="✓,–")
    minimum_coverage = tables.TemplateColumn(
        "{% load ui %}{{ value|coverage }}", verbose_name=_("Minimum coverage"), attrs=NUMBER
    )
    first_used_at = tables.DateColumn(verbose_name=_("First used"), default="–")

    class Meta:
        model = Methodology
        fields: tuple[str, ...] = ()
        caption = _("Methodologies")
        empty_text = _("No methodology yet.")
