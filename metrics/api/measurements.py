"""Series, targets and measurements over the API."""

from kernel.rest.keyset import KeysetPagination
from kernel.rest.serializers import RowSerializer
from kernel.rest.viewsets import ReadViewSet
from kernel.rest.writing import KeyField, WriteSerializer, WriteViewSet
from metrics.api.measurement_actions import BulkMeasurements, ExcludeMeasurements
from metrics.filters import MeasurementFilterSet, SeriesFilterSet, TargetFilterSet
from metrics.models import Measurement, Series, Target


class SeriesSerializer(RowSerializer):
    """One indicator, measured for one agency of one provider."""

    class Meta:
        model = Series
        fields = ["code", "indicator", "direction", "agency", "provider", "version"]


class TargetSerializer(RowSerializer):
    """What was agreed for a series, from the first day of a month until its next target begins."""

    after = {"stretch": ("direction",)}

    class Meta:
        model = Target


class MeasurementSerializer(RowSerializer):
    """One observation of a series on a day: a value, or a numerator and a denominator."""

    after = {"comment": ("recorded_at", "excluded_at", "exclusion_reason")}

    class Meta:
        model = Measurement


class TargetWriteSerializer(WriteSerializer):
    """What people write of a target."""

    class Meta:
        model = Target


class MeasurementWriteSerializer(WriteSerializer):
    """What people write of a measurement; the earlier figures stay in the history."""

    series = KeyField(slug_field="code", queryset=Series.objects.select_related("indicator"))

    class Meta:
        model = Measurement


class SeriesViewSet(ReadViewSet):
    """Series, by their code: what is measured between whom."""

    resource = "series"
    queryset = Series.objects.select_related("indicator", "agency", "provider")
    serializer_class = SeriesSerializer
    filterset_class = SeriesFilterSet
    pagination_class = KeysetPagination
    ordering_fields = {"code": "code"}


class TargetViewSet(WriteViewSet):
    """Targets, by their id; ?series= names the series by its code."""

    resource = "targets"
    queryset = Target.objects.select_related("series").order_by("series_id", "effective_from")
    serializer_class = TargetSerializer
    write_serializer_class = TargetWriteSerializer
    filterset_class = TargetFilterSet
    pagination_class = KeysetPagination
    ordering_fields = {"effective_from": "effective_from", "series": "series__code"}


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
