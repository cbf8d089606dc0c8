"""What people write of measuring."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from brm_portal.directory.models import Organization
from brm_portal.rest.writing import KeyField, WriteSerializer
from metrics.models import Indicator, Measurement, Outcome, Series, Target


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

    def check_row(self, row: Any) -> None:
        """An observation lies in the past, in the form that its indicator is measured in."""
        if row.observed_on > timezone.localdate():
            message = _("This day lies in the future. Enter the day it was observed on.")
            raise serializers.ValidationError({"observed_on": message})
        is_ratio = row.series.indicator.aggregation == Indicator.Aggregation.RATIO
        unused = ("value",) if is_ratio else ("numerator", "denominator")
        wrong = [name for name in unused if getattr(row, name) is not None]
        if wrong:
            message = _("A ratio takes numerator and denominator.") if is_ratio else _("This indicator takes a value.")
            raise serializers.ValidationError(dict.fromkeys(wrong, message))
        super().check_row(row)


class OutcomeWriteSerializer(WriteSerializer):
    """What people write of an outcome."""

    fixed = ("code",)
    agency = KeyField(
        slug_field="code", source="organization", queryset=Organization.objects.filter(agency__isnull=False)
    )

    class Meta:
        model = Outcome
        fields = ["code", "name", "description", "agency", "retired_on"]
