"""Filters of measuring, for pages and API alike."""

import django_filters
from django.utils.translation import gettext_lazy as _

from kernel.filters import (
    CodeFilter,
    MonthFilter,
    OrganizationFilter,
    ScopedFilterSet,
    SearchFilter,
    YesNoFilter,
)
from metrics.models import Indicator, Measurement, Methodology, Outcome, OutcomeReading, OutcomeSeries, Series, Target


class IndicatorFilterSet(ScopedFilterSet):
    """Indicators."""

    search = SearchFilter(fields=("code", "name"))
    retired = YesNoFilter(label=_("Retired"), field_name="retired_on", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Indicator
        fields = ["search", "direction", "aggregation", "cadence", "retired"]


class SeriesFilterSet(ScopedFilterSet):
    """Series."""

    search = SearchFilter(fields=("code", "indicator__name"))
    indicator = CodeFilter(label=_("Indicator"), queryset=Indicator.objects.all())
    agency = OrganizationFilter(label=_("Agency"), field_name="agency")
    provider = OrganizationFilter(label=_("Provider"), field_name="provider")

    class Meta:
        model = Series
        fields = ["search", "indicator", "agency", "provider"]


class TargetFilterSet(ScopedFilterSet):
    """Targets."""

    series = CodeFilter(label=_("Series"), queryset=Series.objects.all())
    effective_from = MonthFilter(label=_("In force from"))

    class Meta:
        model = Target
        fields = ["series", "effective_from"]


class MeasurementFilterSet(ScopedFilterSet):
    """Measurements."""

    series = CodeFilter(label=_("Series"), queryset=Series.objects.all())
    observed_from = django_filters.DateFilter(
        label=_("Observed on or after"), field_name="observed_on", lookup_expr="gte"
    )
    observed_to = django_filters.DateFilter(
        label=_("Observed on or before"), field_name="observed_on", lookup_expr="lte"
    )
    reference = django_filters.CharFilter(label=_("Reference"))
    excluded = YesNoFilter(label=_("Excluded"), field_name="excluded_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Measurement
        fields = ["series", "observed_from", "observed_to", "reference", "excluded"]


class OutcomeFilterSet(ScopedFilterSet):
    """Outcomes, each with the status that `with_standing` annotated."""

    search = SearchFilter(fields=("code", "name"))
    agency = OrganizationFilter(label=_("Agency"), field_name="organization")

    status = django_filters.ChoiceFilter(label=_("Status"), choices=OutcomeReading.Status.choices, empty_label=_("Any"))

    class Meta:
        model = Outcome
        fields = ["search", "agency", "status"]


class OutcomeMeasureFilterSet(ScopedFilterSet):
    """Which series measure which outcomes."""

    outcome = CodeFilter(label=_("Outcome"), queryset=Outcome.objects.all())
    series = CodeFilter(label=_("Series"), queryset=Series.objects.all())

    class Meta:
        model = OutcomeSeries
        fields = ["outcome", "series"]


class MethodologyFilterSet(ScopedFilterSet):
    """Methodologies."""

    search = SearchFilter(fields=("code", "name"))

    class Meta:
        model = Methodology
        fields = ["search"]
