"""What people write of measuring."""

from typing import Any

from brm_portal.directory.models import Organization
from brm_portal.rest.writing import KeyField, WriteSerializer
from metrics.models import Indicator, Measurement, Outcome, OutcomeSeries, Series, Target


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
