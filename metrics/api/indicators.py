"""Indicators over the API."""

from kernel.rest.serializers import ReferenceSerializer, RowSerializer
from kernel.rest.writing import WriteSerializer, WriteViewSet
from metrics.filters import IndicatorFilterSet
from metrics.models import Indicator


class IndicatorReferenceSerializer(ReferenceSerializer):
    """What is measured, in short."""

    class Meta:
        model = Indicator


class IndicatorSerializer(RowSerializer):
    """Something that can be measured: its unit, which direction is better, how months add up, how often."""

    class Meta:
        model = Indicator


class IndicatorWriteSerializer(WriteSerializer):
    """What people write of an indicator; direction, aggregation and unit are fixed once it is used."""

    class Meta:
        model = Indicator


class IndicatorViewSet(WriteViewSet):
    """Indicators, by their code: definitions that everyone may read."""

    resource = "indicators"
    queryset = Indicator.objects.all()
    serializer_class = IndicatorSerializer
    write_serializer_class = IndicatorWriteSerializer
    filterset_class = IndicatorFilterSet
