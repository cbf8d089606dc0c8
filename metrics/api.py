"""Measuring over the API: what is measured, what was agreed, what was observed, how it is judged."""

from typing import Any

from django.db.models import DateField, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.directory.api import OrganizationReferenceSerializer
from kernel.rest.keyset import KeysetPagination
from kernel.rest.serializers import MonthSerializerField, RowSerializer
from kernel.rest.viewsets import ReadViewSet
from kernel.rest.writing import WriteViewSet
from metrics.api_bulk import BulkMeasurements
from metrics.api_excluding import ExcludeMeasurements
from metrics.api_writing import (
    IndicatorWriteSerializer,
    MeasurementWriteSerializer,
    MethodologyWriteSerializer,
    OutcomeMeasureWriteSerializer,
    OutcomeWriteSerializer,
    TargetWriteSerializer,
)
from metrics.filters import (
    IndicatorFilterSet,
    MeasurementFilterSet,
    MethodologyFilterSet,
    OutcomeFilterSet,
    OutcomeMeasureFilterSet,
    SeriesFilterSet,
    TargetFilterSet,
)
from metrics.models import (
    Dimension,
    GradeBand,
    Indicator,
    Measurement,
    Methodology,
    Outcome,
    OutcomeReading,
    OutcomeSeries,
    Series,
    Target,
)


class IndicatorReferenceSerializer(RowSerializer):
    """What is measured, in short."""

    class Meta:
        model = Indicator
        fields = ["code", "name", "unit"]
        read_only_fields = fields


class IndicatorSerializer(RowSerializer):
    """Something that can be measured: its unit, which direction is better, how months add up, how often."""

    class Meta:
        model = Indicator
        fields = [
            "code",
            "name",
            "description",
            "unit",
            "direction",
            "aggregation",
            "cadence",
            "retired_on",
            "version",
        ]


class SeriesSerializer(RowSerializer):
    """One indicator, measured for one agency of one provider."""

    indicator = IndicatorReferenceSerializer(read_only=True)
    agency = OrganizationReferenceSerializer(read_only=True)
    provider = OrganizationReferenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Series
        fields = ["code", "indicator", "direction", "agency", "provider", "version"]


class TargetSerializer(RowSerializer):
    """What was agreed for a series, from the first day of a month until its next target begins."""

    series = serializers.CharField(source="series.code", read_only=True, help_text=_("Code of the series."))

    class Meta:
        model = Target
        fields = ["id", "series", "effective_from", "floor", "target", "stretch", "direction", "reason", "version"]


class MeasurementSerializer(RowSerializer):
    """One observation of a series on a day: a value, or a numerator and a denominator."""

    series = serializers.CharField(source="series.code", read_only=True, help_text=_("Code of the series."))

    class Meta:
        model = Measurement
        fields = [
            "id",
            "series",
            "observed_on",
            "reference",
            "value",
            "numerator",
            "denominator",
            "comment",
            "recorded_at",
            "excluded_at",
            "exclusion_reason",
            "version",
        ]


class OutcomeSeriesSerializer(RowSerializer):
    """A series that measures an outcome, and how much it counts."""

    code = serializers.CharField(source="series.code", read_only=True, help_text=_("Code of the series."))

    class Meta:
        model = OutcomeSeries
        fields = ["code", "weight"]


class OutcomeSerializer(RowSerializer):
    """The change an investment is for, and where it stood after the latest month that was judged."""

    agency = OrganizationReferenceSerializer(source="organization", read_only=True)
    month = MonthSerializerField(read_only=True, allow_null=True, help_text=_("The last of the twelve months judged."))
    status = serializers.ChoiceField(choices=OutcomeReading.Status.choices, read_only=True)
    attainment = serializers.DecimalField(max_digits=12, decimal_places=9, read_only=True, allow_null=True)
    coverage = serializers.DecimalField(max_digits=10, decimal_places=9, read_only=True)
    change = serializers.DecimalField(
        max_digits=12,
        decimal_places=9,
        read_only=True,
        allow_null=True,
        help_text=_("Attainment minus that of a year before."),
    )
    series = OutcomeSeriesSerializer(source="measures", many=True, read_only=True)

    class Meta:
        model = Outcome
        fields = [
            "code",
            "name",
            "description",
            "agency",
            "month",
            "status",
            "attainment",
            "coverage",
            "change",
            "series",
            "retired_on",
            "version",
        ]


class OutcomeMeasureSerializer(RowSerializer):
    """One series that measures an outcome, with its weight among the outcome's series."""

    outcome = serializers.CharField(source="outcome.code", read_only=True, help_text=_("Code of the outcome."))
    series = serializers.CharField(source="series.code", read_only=True, help_text=_("Code of the series."))

    class Meta:
        model = OutcomeSeries
        fields = ["id", "outcome", "series", "weight", "version"]


class GradeBandSerializer(RowSerializer):
    """One grade and the score it begins at; it ends where the next begins, and the top one includes 100."""

    class Meta:
        model = GradeBand
        fields = ["position", "name", "lower_bound"]


class MethodologyReferenceSerializer(RowSerializer):
    """Which version of the scoring method."""

    class Meta:
        model = Methodology
        fields = ["code", "name", "edition"]
        read_only_fields = fields


class MethodologySerializer(RowSerializer):
    """One version of the scoring method; once used it never changes."""

    weights = serializers.SerializerMethodField(help_text=_("Weight of each dimension; they total 100."))
    bands = GradeBandSerializer(many=True, read_only=True)

    class Meta:
        model = Methodology
        fields = [
            "code",
            "name",
            "edition",
            "is_default",
            "in_use_from",
            "weights",
            "score_at_target",
            "minimum_coverage",
            "bands",
            "first_used_at",
            "version",
        ]

    @extend_schema_field(
        {
            "type": "object",
            "required": Dimension.values,
            "properties": {name: {"type": "string", "format": "decimal"} for name in Dimension.values},
        }
    )
    def get_weights(self, row: Methodology) -> dict[str, str]:
        return {dimension: str(weight) for dimension, weight in row.weights().items()}


class IndicatorViewSet(WriteViewSet):
    """Indicators, by their code: definitions that everyone may read."""

    resource = "indicators"
    queryset = Indicator.objects.all()
    serializer_class = IndicatorSerializer
    write_serializer_class = IndicatorWriteSerializer
    filterset_class = IndicatorFilterSet
    ordering_fields = {"name": Lower("name"), "code": "code"}
    lookup_field = "code"


class SeriesViewSet(ReadViewSet):
    """Series, by their code: what is measured between whom."""

    resource = "series"
    queryset = Series.objects.select_related("indicator", "agency", "provider")
    serializer_class = SeriesSerializer
    filterset_class = SeriesFilterSet
    pagination_class = KeysetPagination
    ordering_fields = {"code": "code"}
    lookup_field = "code"


class TargetViewSet(WriteViewSet):
    """Targets, by their id; ?series= names the series by its code."""

    resource = "targets"
    queryset = Target.objects.select_related("series").order_by("series_id", "effective_from")
    serializer_class = TargetSerializer
    write_serializer_class = TargetWriteSerializer
    filterset_class = TargetFilterSet
    pagination_class = KeysetPagination
    ordering_fields = {"effective_from": "effective_from", "series": "series__code"}
    lookup_value_regex = "[0-9]+"


class MeasurementViewSet(BulkMeasurements, ExcludeMeasurements, WriteViewSet):
    """Measurements, by their id; ?series= names the series by its code."""

    resource = "measurements"
    # In the order of the table's own unique index: there are millions.
    queryset = Measurement.objects.select_related("series").order_by("series_id", "observed_on", "reference")
    serializer_class = MeasurementSerializer
    write_serializer_class = MeasurementWriteSerializer
    filterset_class = MeasurementFilterSet
    pagination_class = KeysetPagination
    ordering_fields = {"observed_on": "observed_on", "recorded_at": "recorded_at"}
    lookup_value_regex = "[0-9]+"


class OutcomeViewSet(WriteViewSet):
    """Outcomes, by their code, each with its standing."""

    resource = "outcomes"
    queryset = Outcome.objects.select_related("organization").prefetch_related("measures__series")
    serializer_class = OutcomeSerializer
    write_serializer_class = OutcomeWriteSerializer
    filterset_class = OutcomeFilterSet
    ordering_fields = {"name": Lower("name"), "code": "code", "attainment": "attainment", "change": "change"}
    lookup_field = "code"

    def refine(self, rows: Any, user: Any) -> Any:
        month = OutcomeReading.objects.all().latest_month()
        return rows.with_standing(month).annotate(month=Value(month, DateField()))


class OutcomeMeasureViewSet(WriteViewSet):
    """Measures of outcomes, by their id; ?outcome= names the outcome by its code."""

    resource = "outcome-measures"
    queryset = OutcomeSeries.objects.select_related("outcome", "series")
    serializer_class = OutcomeMeasureSerializer
    write_serializer_class = OutcomeMeasureWriteSerializer
    filterset_class = OutcomeMeasureFilterSet
    ordering_fields = {"outcome": "outcome__code", "series": "series__code", "weight": "weight"}
    lookup_value_regex = "[0-9]+"


class MethodologyViewSet(WriteViewSet):
    """Methodologies, by their code: whoever is scored may read how. Until its first use an edition may change."""

    resource = "methodologies"
    queryset = Methodology.objects.prefetch_related("bands")
    serializer_class = MethodologySerializer
    write_serializer_class = MethodologyWriteSerializer
    filterset_class = MethodologyFilterSet
    ordering_fields = {"name": Lower("name"), "code": "code", "edition": "edition"}
    lookup_field = "code"
