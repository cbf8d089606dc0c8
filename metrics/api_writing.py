"""What people write of measuring."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from kernel.directory.models import Organization
from kernel.rest.writing import KeyField, StrictSerializer, WriteSerializer
from metrics.editions.drafting import bands_of, change_edition, draft_edition, edition_number
from metrics.figures import Band
from metrics.models import Dimension, Indicator, Measurement, Methodology, Outcome, OutcomeSeries, Series, Target

HUNDRED = Decimal(100)


class IndicatorWriteSerializer(WriteSerializer):
    """What people write of an indicator; direction, aggregation and unit are fixed once it is used."""

    fixed = ("code",)

    class Meta:
        model = Indicator
        fields = ["code", "name", "description", "unit", "direction", "aggregation", "cadence", "retired_on"]


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


class OutcomeWriteSerializer(WriteSerializer):
    """What people write of an outcome."""

    fixed = ("code",)
    agency = KeyField(
        slug_field="code", source="organization", queryset=Organization.objects.filter(agency__isnull=False)
    )

    class Meta:
        model = Outcome
        fields = ["code", "name", "description", "agency", "retired_on"]


class OutcomeMeasureWriteSerializer(WriteSerializer):
    """What people write of a measure of an outcome."""

    fixed = ("outcome",)
    outcome = KeyField(slug_field="code", queryset=Outcome.objects.all())
    series = KeyField(slug_field="code", queryset=Series.objects.all())

    class Meta:
        model = OutcomeSeries
        fields = ["outcome", "series", "weight"]
        validators: list[Any] = []  # As above.


class WeightsSerializer(StrictSerializer):
    """The weight of each dimension in percent of the whole, all seven."""

    def get_fields(self) -> dict[str, Any]:
        limits: dict[str, Any] = {"max_digits": 5, "decimal_places": 2, "min_value": Decimal(0), "max_value": HUNDRED}
        return {name: serializers.DecimalField(**limits) for name in Dimension.values}


class BandWriteSerializer(StrictSerializer):
    """One grade and the score it begins at."""

    position = serializers.IntegerField(
        required=False, help_text=gettext_lazy("Its place in the list, which may be left out.")
    )
    name = serializers.CharField(max_length=60)
    lower_bound = serializers.DecimalField(max_digits=12, decimal_places=9)


class MethodologyWriteSerializer(WriteSerializer):
    """What people write of an edition until its first use; its number and the use are the portal's."""

    fixed = ("code",)
    weights = WeightsSerializer()
    bands = BandWriteSerializer(many=True, allow_empty=False, help_text=gettext_lazy("From the lowest grade up."))

    class Meta:
        model = Methodology
        fields = ["code", "name", "weights", "score_at_target", "minimum_coverage", "bands"]

    def validate_bands(self, bands: list[dict[str, Any]]) -> list[Band]:
        """Each grade at its place."""
        if any(band.get("position", place) != place for place, band in enumerate(bands, start=1)):
            raise serializers.ValidationError(_("Give the grades from the lowest up: position 1 comes first."))
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
