"""Series, targets and measurements over the API."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.directory.api import OrganizationReferenceSerializer
from kernel.rest.keyset import KeysetPagination
from kernel.rest.serializers import RowSerializer
from kernel.rest.viewsets import ReadViewSet
from kernel.rest.writing import KeyField, WriteSerializer, WriteViewSet
from metrics.api.indicators import IndicatorReferenceSerializer
from metrics.api.measurement_actions import BulkMeasurements, ExcludeMeasurements
from metrics.filters import MeasurementFilterSet, SeriesFilterSet, TargetFilterSet
from metrics.models import Measurement, Series, Target


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


class TargetWriteSerializer(WriteSerializer):
    """What people write of a target."""

    fixed = ("series",)
    series = KeyField(slug_field="code", queryset=Series.objects.all())

    class Meta:
        model = Target
        fields = ["series", "effective_from", "floor", "target", "stretch", "reason"]
        validators: list[Any] = []  # The model's own constraints, told by `check_row`.


class MeasurementWriteSerializer(WriteSerializer):
    """What people write of a measurement; the earlier figures stay in the history."""

    fixed = ("series",)
    series = KeyField(slug_field="code", queryset=Series.objects.select_related("indicator"))

    class Meta:
        model = Measurement
        fields = ["series", "observed_on", "reference", "value", "numerator", "denominator", "comment"]
        validators: list[Any] = []  # As above.


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
