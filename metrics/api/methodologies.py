"""Methodologies and their grades over the API."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.rest.serializers import ReferenceSerializer, RowSerializer
from kernel.rest.writing import StrictSerializer, WriteSerializer, WriteViewSet
from metrics.editions.drafting import bands_of, change_edition, draft_edition, edition_number
from metrics.filters import MethodologyFilterSet
from metrics.methodologies.figures import Band
from metrics.models import Dimension, GradeBand, Methodology

HUNDRED = Decimal(100)


class GradeBandSerializer(RowSerializer):
    """One grade and the score it begins at; it ends where the next begins, and the top one includes 100."""

    class Meta:
        model = GradeBand
        fields = ["position", "name", "lower_bound"]


class MethodologyReferenceSerializer(ReferenceSerializer):
    """Which version of the scoring method."""

    class Meta:
        model = Methodology


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


class WeightsSerializer(StrictSerializer):
    """The weight of each dimension in percent of the whole, all seven."""

    def get_fields(self) -> dict[str, Any]:
        limits: dict[str, Any] = {"max_digits": 5, "decimal_places": 2, "min_value": Decimal(0), "max_value": HUNDRED}
        return {name: serializers.DecimalField(**limits) for name in Dimension.values}


class BandWriteSerializer(StrictSerializer):
    """One grade and the score it begins at."""

    position = serializers.IntegerField(required=False, help_text=_("Its place in the list, which may be left out."))
    name = serializers.CharField(max_length=60)
    lower_bound = serializers.DecimalField(max_digits=12, decimal_places=9)


class MethodologyWriteSerializer(WriteSerializer):
    """What people write of an edition until its first use; its number and the use are the portal's."""

    weights = WeightsSerializer()
    bands = BandWriteSerializer(many=True, allow_empty=False, help_text=_("From the lowest grade up."))

    class Meta:
        model = Methodology
        fields = ["code", "name", "weights", "score_at_target", "minimum_coverage", "bands"]

    def validate_bands(self, bands: list[dict[str, Any]]) -> list[Band]:
        """Each grade at its place."""
        if any(band.get("position", place) != place for place, band in enumerate(bands, start=1)):
            raise serializers.ValidationError(_now("Give the grades from the lowest up: position 1 comes first."))
        return [Band(band["lower_bound"], band["name"]) for band in bands]

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        weights = {f"{name}_weight": weight for name, weight in values.get("weights", {}).items()}
        return {**{name: value for name, value in values.items() if name not in ("weights", "bands")}, **weights}

    def create(self, validated_data: dict[str, Any]) -> Methodology:
        return self.edition(Methodology(), validated_data, draft_edition, validated_data["bands"])

    def update(self, instance: Methodology, validated_data: dict[str, Any]) -> Methodology:
        bands = validated_data.get("bands") or bands_of(instance)
        return self.edition(instance, validated_data, change_edition, bands)

    def edition(self, row: Methodology, values: dict[str, Any], write: Any, bands: Sequence[Band]) -> Methodology:
        """Put values into an edition and hand it to the operation that stores it."""
        for name, value in self.columns(values).items():
            setattr(row, name, value)
        row.edition = edition_number(row)
        self.check_row(row)
        written: Methodology = write(methodology=row, bands=bands, by=self.context["request"].user)
        return written


class MethodologyViewSet(WriteViewSet):
    """Methodologies, by their code: whoever is scored may read how. Until its first use an edition may change."""

    resource = "methodologies"
    queryset = Methodology.objects.prefetch_related("bands")
    serializer_class = MethodologySerializer
    write_serializer_class = MethodologyWriteSerializer
    filterset_class = MethodologyFilterSet
    ordering_fields = {"name": Lower("name"), "code": "code", "edition": "edition"}
