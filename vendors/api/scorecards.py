"""Scorecards over the API: the score, and everything that made it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Prefetch
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from kernel.directory.api import OrganizationReferenceSerializer
from kernel.expressions import counted, summed
from kernel.filters import MONTH_SCHEMA
from kernel.rest.keyset import KeysetPagination
from kernel.rest.serializers import MonthSerializerField, RowSerializer
from kernel.rest.viewsets import ReadViewSet
from kernel.rest.writing import TakesBodies
from metrics.api.indicators import IndicatorReferenceSerializer
from metrics.api.methodologies import MethodologyReferenceSerializer
from metrics.methodologies.scoring import INSUFFICIENT_EVIDENCE
from vendors.api.scorecard_actions import AskForScorecards
from vendors.filters.scorecards import ScorecardFilterSet
from vendors.models import Scorecard, ScorecardDimension, ScorecardLine

DECIMAL_TEXT = {"type": "string", "format": "decimal"}
DECIMAL_TEXT_OR_NULL = {"type": ["string", "null"], "format": "decimal"}
# What a member of an agency reads of a scorecard with seven lines, one of them of the agency's own contract.
EXAMPLE = {
    "id": 17,
    "vendor": {"code": "acme", "name": "Acme Cloud"},
    "period_start": "2020-07",
    "months": 12,
    "methodology": {"code": "standard-1", "name": "Standard", "edition": 1},
    "revision": 1,
    "status": "published",
    "current": True,
    "score": "81.375000000",
    "coverage": "1.000000000",
    "grade": "Satisfactory",
    "grade_position": 3,
    "trend": "1.250000000",
    "computed_at": "2021-07-05T09:00:00-04:00",
    "published_at": "2021-07-09T14:30:00-04:00",
    "version": 2,
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "dimensions": [
        {"dimension": dimension, "weight": weight, "score": score, "coverage": "1.000000000"}
        for dimension, weight, score in (
            ("outcomes", "35.00", "80.000000000"),
            ("service_quality", "20.00", "87.500000000"),
            ("relationship", "15.00", "75.000000000"),
            ("cost", "10.00", "75.000000000"),
            ("risk_compliance", "10.00", "90.000000000"),
            ("innovation", "5.00", "62.500000000"),
            ("schedule", "5.00", "100.000000000"),
        )
    ],
    "lines": [
        {
            "service_level": "C-1-uptime",
            "indicator": {"code": "uptime", "name": "Uptime", "unit": "%"},
            "contract": "C-1",
            "dimension": "service_quality",
            "weight": "1.000",
            "criticality": 3,
            "value": "97.500000000",
            "attainment": "87.500000000",
            "coverage": "1.000000000",
            "contribution": "17.500000000",
            "months_with_data": 12,
            "months_expected": 12,
            "latest_month": "2021-06",
            "targets": [
                {
                    "from": "2020-01",
                    "floor": "90",
                    "target": "95",
                    "stretch": "100",
                    "months": 12,
                    "value": "97.5",
                    "attainment": "87.5",
                }
            ],
        }
    ],
    "other_lines": {"count": 6, "contribution": "63.875000000"},
}


class ScorecardSerializer(RowSerializer):
    """One vendor, one period, one methodology version, one revision: how well it served."""

    vendor = OrganizationReferenceSerializer(source="vendor.organization", read_only=True)
    methodology = MethodologyReferenceSerializer(read_only=True)
    grade = serializers.SerializerMethodField(
        help_text=_("The grade's name, or Insufficient evidence: coverage is below the methodology's minimum.")
    )
    grade_position = serializers.IntegerField(
        source="grade.position",
        read_only=True,
        allow_null=True,
        default=None,
        help_text=_("1 is the lowest grade; null: insufficient evidence."),
    )
    trend = serializers.DecimalField(
        max_digits=12,
        decimal_places=9,
        read_only=True,
        allow_null=True,
        help_text=_("Score minus that of the period before; null where either lacks evidence."),
    )
    current = serializers.BooleanField(
        source="is_current", read_only=True, help_text=_("Published, and no later revision took its place.")
    )

    class Meta:
        model = Scorecard
        fields = [
            "id",
            "vendor",
            "period_start",
            "months",
            "methodology",
            "revision",
            "status",
            "current",
            "score",
            "coverage",
            "grade",
            "grade_position",
            "trend",
            "computed_at",
            "published_at",
            "version",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "string", "examples": ["Satisfactory", INSUFFICIENT_EVIDENCE]})
    def get_grade(self, row: Scorecard) -> str:
        return INSUFFICIENT_EVIDENCE if row.grade is None else row.grade.name


class ScorecardDimensionSerializer(RowSerializer):
    """One dimension: its weight in the methodology, its score and coverage."""

    class Meta:
        model = ScorecardDimension
        fields = ["dimension", "weight", "score", "coverage"]
        read_only_fields = fields


class ScorecardLineSerializer(RowSerializer):
    """One service level: what it reached, on what evidence, and what it contributed to the score."""

    service_level = serializers.CharField(
        source="service_level.series.code", read_only=True, help_text=_("Code of the service level.")
    )
    indicator = IndicatorReferenceSerializer(source="service_level.series.indicator", read_only=True)
    contract = serializers.CharField(
        source="service_level.contract.number", read_only=True, help_text=_("Number of the contract.")
    )
    latest_month = MonthSerializerField(read_only=True, allow_null=True, help_text=_("The latest month with data."))
    targets = serializers.SerializerMethodField(help_text=_("Each target in force, and what was reached under it."))

    class Meta:
        model = ScorecardLine
        fields = [
            "service_level",
            "indicator",
            "contract",
            "dimension",
            "weight",
            "criticality",
            "value",
            "attainment",
            "coverage",
            "contribution",
            "months_with_data",
            "months_expected",
            "latest_month",
            "targets",
        ]
        read_only_fields = fields

    @extend_schema_field(
        {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["from", "floor", "target", "stretch", "months", "value", "attainment"],
                "properties": {
                    "from": {**MONTH_SCHEMA, "description": "The month it took effect."},
                    "floor": DECIMAL_TEXT_OR_NULL,
                    "target": DECIMAL_TEXT,
                    "stretch": DECIMAL_TEXT_OR_NULL,
                    "months": {"type": "integer", "description": "Months with data under this target."},
                    "value": DECIMAL_TEXT_OR_NULL,
                    "attainment": DECIMAL_TEXT_OR_NULL,
                },
            },
        }
    )
    def get_targets(self, row: ScorecardLine) -> list[dict[str, Any]]:
        return row.segments


class OtherLinesSerializer(serializers.Serializer[Any]):
    """The lines you may not see one by one, as one sum."""

    count = serializers.IntegerField()
    contribution = serializers.DecimalField(max_digits=12, decimal_places=9)


@extend_schema_serializer(examples=[OpenApiExample("To a member of an agency", EXAMPLE)])
class ScorecardDetailSerializer(ScorecardSerializer):
    """A scorecard with everything that made its score."""

    dimensions = ScorecardDimensionSerializer(many=True, read_only=True)
    lines = ScorecardLineSerializer(many=True, read_only=True)
    other_lines = serializers.SerializerMethodField()

    class Meta(ScorecardSerializer.Meta):
        fields = [*ScorecardSerializer.Meta.fields, "digest", "dimensions", "lines", "other_lines"]
        read_only_fields = fields

    @extend_schema_field(OtherLinesSerializer)
    def get_other_lines(self, row: Any) -> dict[str, Any]:
        shown: Sequence[ScorecardLine] = row.lines.all()
        shown_contribution = sum((line.contribution or Decimal(0) for line in shown), Decimal(0))
        rest = {
            "count": row.lines_in_all - len(shown),
            "contribution": (row.contribution_in_all or Decimal(0)) - shown_contribution,
        }
        return OtherLinesSerializer(rest).data


class ScorecardViewSet(AskForScorecards, TakesBodies, ReadViewSet):
    """Scorecards, by their id; ?vendor=<code>&period_start=2020-07&months=12 finds those of one vendor and period.

    A vendor sees its own once they are in review, the agencies it serves once they are published. An agency gets
    the lines of the contracts it is party to, and all others as one sum in other_lines.
    """

    resource = "scorecards"
    queryset = (
        Scorecard.objects.select_related("vendor__organization", "methodology", "grade")
        .with_trend()
        .order_by("-period_start", "months", "vendor_id", "-revision")
    )
    filterset_class = ScorecardFilterSet
    pagination_class = KeysetPagination
    ordering_fields = {
        "period_start": "period_start",
        "months": "months",
        "vendor": Lower("vendor__organization__name"),
        "score": "score",
        "coverage": "coverage",
        "trend": "trend",
        "revision": "revision",
    }
    lookup_value_regex = "[0-9]+"

    def get_serializer_class(self) -> type[ScorecardSerializer]:
        return ScorecardDetailSerializer if self.detail else ScorecardSerializer

    def refine(self, rows: Any, user: Any) -> Any:
        if not self.detail:
            return rows
        lines = ScorecardLine.objects.visible_to(user).select_related(
            "service_level__series__indicator", "service_level__contract"
        )
        all_lines = ScorecardLine.objects.filter(scorecard=OuterRef("pk"))
        return rows.annotate(
            lines_in_all=counted(all_lines, "scorecard"),
            contribution_in_all=summed(all_lines, "scorecard", "contribution"),
        ).prefetch_related(
            Prefetch("lines", lines.order_by("dimension", "service_level__series__code")),
            Prefetch("dimensions", ScorecardDimension.objects.visible_to(user)),
        )
