"""Indicators over the API."""

from django.db.models.functions import Lower

from kernel.rest.serializers import RowSerializer
from kernel.rest.writing import WriteSerializer, WriteViewSet
from metrics.filters import IndicatorFilterSet
from metrics.models import Indicator


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


class IndicatorWriteSerializer(WriteSerializer):
    """What people write of an indicator; direction, aggregation and unit are fixed once it is used."""

    fixed = ("code",)

    class Meta:
        model = Indicator
        fields = ["code", "name", "description", "unit", "direction", "aggregation", "cadence", "retired_on"]


class IndicatorViewSet(WriteViewSet):
    """Indicators, by their code: definitions that everyone may read."""

    resource = "indicators"
    queryset = Indicator.objects.all()
    serializer_class = IndicatorSerializer
    write_serializer_class = IndicatorWriteSerializer
    filterset_class = IndicatorFilterSet
    ordering_fields = {"name": Lower("name"), "code": "code"}
    lookup_field = "code"
