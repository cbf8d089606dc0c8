"""The supply side over the API."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Prefetch
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from brm_portal.directory.api import OrganizationReferenceSerializer
from brm_portal.expressions import counted, summed
from brm_portal.filters import MONTH_SCHEMA
from brm_portal.rest.serializers import MoneySerializer, RowSerializer, money
from brm_portal.rest.viewsets import ReadViewSet
from metrics.api import IndicatorReferenceSerializer, MethodologyReferenceSerializer
from metrics.scoring import INSUFFICIENT_EVIDENCE
from vendors.filters import (
    ContractFilterSet,
    ScorecardFilterSet,
    ServiceFilterSet,
    ServiceLevelFilterSet,
    VendorFilterSet,
)
from vendors.models import (
    Contract,
    Scorecard,
    ScorecardDimension,
    ScorecardLine,
    Service,
    ServiceLevel,
    Vendor,
)
from vendors.querysets import sees_spending

DECIMAL_TEXT = {"type": "string", "format": "decimal"}
DECIMAL_TEXT_OR_NULL = {"type": ["string", "null"], "format": "decimal"}


class VendorSerializer(RowSerializer):
    """An organization as a supplier."""

    code = serializers.CharField(source="organization.code", read_only=True)
    name = serializers.CharField(source="organization.name", read_only=True)
    parent = OrganizationReferenceSerializer(source="organization.parent", read_only=True, allow_null=True)
    retired_on = serializers.DateField(source="organization.retired_on", read_only=True, allow_null=True)

    class Meta:
        model = Vendor
        fields = ["code", "name", "parent", "kind", "segment", "website", "retired_on", "version"]


class ContractReferenceSerializer(RowSerializer):
    """A contract in short; null where you may not see the contract."""

    class Meta:
        model = Contract
        fields = ["number", "title"]
        read_only_fields = fields


class ContractSerializer(RowSerializer):
    """One agreement between a vendor and an agency."""

    vendor = OrganizationReferenceSerializer(source="vendor.organization", read_only=True)
    agency = OrganizationReferenceSerializer(read_only=True)
    value = serializers.SerializerMethodField(
        "money_of", help_text=_("What it is worth in all; an internal agreement: in the year.")
    )

    class Meta:
        model = Contract
        fields = [
            "number",
            "title",
            "vendor",
            "agency",
            "kind",
            "value",
            "starts_on",
            "ends_on",
            "criticality",
            "holder",
            "version",
        ]

    @extend_schema_field(MoneySerializer(allow_null=True))
    def money_of(self, row: Contract) -> dict[str, Any] | None:
        return money(row.value, row.currency)


class ServiceReferenceSerializer(RowSerializer):
    """A service in short; null where you may not see the service."""

    class Meta:
        model = Service
        fields = ["code", "name"]
        read_only_fields = fields


class ServiceSerializer(RowSerializer):
    """One service in the catalogue."""

    provider = OrganizationReferenceSerializer(source="provider.organization", read_only=True)
    contract = ContractReferenceSerializer(read_only=True, allow_null=True)
    yearly_spending = serializers.SerializerMethodField(help_text=_("For the office and the provider; else null."))

    class Meta:
        model = Service
        fields = [
            "code",
            "name",
            "description",
            "provider",
            "contract",
            "lifecycle",
            "yearly_spending",
            "version",
        ]

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_yearly_spending(self, row: Service) -> dict[str, Any] | None:
        if not sees_spending(self.context["request"].user):
            return None
        return money(row.yearly_spending, row.currency)


class ServiceLevelSerializer(RowSerializer):
    """A series that a contract commits to: dimension, weight, months in force."""

    code = serializers.CharField(source="series.code", read_only=True, help_text=_("Also the code of its series."))
    vendor = OrganizationReferenceSerializer(source="series.provider", read_only=True)
    agency = OrganizationReferenceSerializer(source="series.agency", read_only=True)
    contract = ContractReferenceSerializer(read_only=True, allow_null=True)
    service = ServiceReferenceSerializer(read_only=True, allow_null=True)
    indicator = IndicatorReferenceSerializer(source="series.indicator", read_only=True)

    class Meta:
        model = ServiceLevel
        fields = [
            "code",
            "vendor",
            "agency",
            "contract",
            "service",
            "indicator",
            "dimension",
            "weight",
            "first_month",
            "last_month",
            "version",
        ]


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
    latest_month = serializers.DateField(
        format="%Y-%m", read_only=True, allow_null=True, help_text=_("The latest month with data, such as 2020-07.")
    )
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


class VendorViewSet(ReadViewSet):
    """Vendors, by their code. An agency sees those that serve it, a vendor itself."""

    resource = "vendors"
    queryset = Vendor.objects.select_related("organization__parent")
    serializer_class = VendorSerializer
    filterset_class = VendorFilterSet
    ordering_fields = {"name": Lower("organization__name"), "code": "organization__code"}
    lookup_field = "organization__code"
    lookup_url_kwarg = "code"


class ContractViewSet(ReadViewSet):
    """Contracts, by their number. Both parties see them."""

    resource = "contracts"
    queryset = Contract.objects.select_related("vendor__organization", "agency")
    serializer_class = ContractSerializer
    filterset_class = ContractFilterSet
    ordering_fields = {
        "title": Lower("title"),
        "number": "number",
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "criticality": "criticality",
        "value": "value",
    }
    lookup_field = "number"
    # Contract numbers are the parties' own and hold slashes.
    lookup_value_regex = r"[^\x00]+"


class ServiceViewSet(ReadViewSet):
    """Services, by their code. The catalogue is open to all agencies."""

    resource = "services"
    queryset = Service.objects.select_related("provider__organization")
    serializer_class = ServiceSerializer
    filterset_class = ServiceFilterSet
    ordering_fields = {"name": Lower("name"), "code": "code"}
    lookup_field = "code"

    def refine(self, rows: Any, user: Any) -> Any:
        return rows.prefetch_related(Prefetch("contract", Contract.objects.visible_to(user)))


class ServiceLevelViewSet(ReadViewSet):
    """Service levels, by their code, which is that of their series."""

    resource = "service-levels"
    queryset = ServiceLevel.objects.select_related("series__indicator", "series__agency", "series__provider")
    serializer_class = ServiceLevelSerializer
    filterset_class = ServiceLevelFilterSet
    ordering_fields = {"code": "series__code", "dimension": "dimension", "weight": "weight"}
    lookup_field = "series__code"
    lookup_url_kwarg = "code"

    def refine(self, rows: Any, user: Any) -> Any:
        contracts, services = Contract.objects.visible_to(user), Service.objects.visible_to(user)
        return rows.prefetch_related(Prefetch("contract", contracts), Prefetch("service", services))


class ScorecardViewSet(ReadViewSet):
    """Scorecards, by their id; ?vendor=<code>&period_start=2020-07&months=12 finds those of one vendor and period.

    A vendor sees its own once they are in review, the agencies it serves once they are published. An agency gets
    the lines of the contracts it is party to, and all others as one sum in other_lines.
    """

    resource = "scorecards"
    queryset = Scorecard.objects.select_related("vendor__organization", "methodology", "grade").with_trend()
    filterset_class = ScorecardFilterSet
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
