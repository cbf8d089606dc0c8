"""Outcomes and their measures over the API."""

from typing import Any

from django.db.models import DateField, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.directory.api import OrganizationReferenceSerializer
from kernel.directory.models import Organization
from kernel.rest.serializers import MonthSerializerField, RowSerializer
from kernel.rest.writing import KeyField, WriteSerializer, WriteViewSet
from metrics.filters import OutcomeFilterSet, OutcomeMeasureFilterSet
from metrics.models import Outcome, OutcomeReading, OutcomeSeries


class OutcomeSeriesSerializer(RowSerializer):
    """A series that measures an outcome, and how much it counts."""

    code = serializers.CharField(source="series.code", read_only=True, help_text=_("Code of the series."))

    class Meta:
        model = OutcomeSeries
        fields = ["code", "weight"]


class OutcomeSerializer(RowSerializer):
    """The change an investment is for, and where it stood after the latest month that was judged."""

    after = {"agency": ("month", "status", "attainment", "coverage", "change", "series")}
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


class OutcomeMeasureSerializer(RowSerializer):
    """One series that measures an outcome, with its weight among the outcome's series."""

    class Meta:
        model = OutcomeSeries


class OutcomeWriteSerializer(WriteSerializer):
    """What people write of an outcome."""

    agency = KeyField(
        slug_field="code", source="organization", queryset=Organization.objects.filter(agency__isnull=False)
    )

    class Meta:
        model = Outcome


class OutcomeMeasureWriteSerializer(WriteSerializer):
    """What people write of a measure of an outcome."""

    class Meta:
        model = OutcomeSeries


class OutcomeViewSet(WriteViewSet):
    """Outcomes, by their code, each with its standing."""

    resource = "outcomes"
    queryset = Outcome.objects.prefetch_related("measures__series")
    serializer_class = OutcomeSerializer
    write_serializer_class = OutcomeWriteSerializer
    filterset_class = OutcomeFilterSet
    ordering_fields = {"name": Lower("name"), "code": "code", "attainment": "attainment", "change": "change"}

    def refine(self, rows: Any, user: Any) -> Any:
        month = Outcome.objects.all().latest_month()
        return rows.with_standing(month).annotate(month=Value(month, DateField()))


class OutcomeMeasureViewSet(WriteViewSet):
    """Measures of outcomes, by their id; ?outcome= names the outcome by its code."""

    resource = "outcome-measures"
    queryset = OutcomeSeries.objects.select_related("outcome", "series")
    serializer_class = OutcomeMeasureSerializer
    write_serializer_class = OutcomeMeasureWriteSerializer
    filterset_class = OutcomeMeasureFilterSet
    ordering_fields = {"outcome": "outcome__code", "series": "series__code", "weight": "weight"}
