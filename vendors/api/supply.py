"""Vendors, contracts, services and service levels over the API."""

from typing import Any

from django.db.models import Prefetch
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.directory.api import OrganizationReferenceSerializer, ProfileViewSet
from kernel.rest.keyset import KeysetPagination
from kernel.rest.serializers import MoneySerializer, RowSerializer, money
from kernel.rest.writing import WriteViewSet
from metrics.api import IndicatorReferenceSerializer
from vendors.api.contract_parts import AmendmentSerializer, MilestoneSerializer, with_targets
from vendors.api.writing import (
    ContractWriteSerializer,
    IntegrationWriteSerializer,
    ServiceLevelWriteSerializer,
    ServiceWriteSerializer,
    SubscriptionWriteSerializer,
    TemplateWriteSerializer,
    VendorWriteSerializer,
)
from vendors.filters import (
    ContractFilterSet,
    IntegrationFilterSet,
    ServiceFilterSet,
    ServiceLevelFilterSet,
    SubscriptionFilterSet,
    TemplateFilterSet,
    VendorFilterSet,
)
from vendors.models import (
    Amendment,
    Contract,
    Integration,
    Milestone,
    Service,
    ServiceLevel,
    ServiceLevelTemplate,
    Subscription,
    Vendor,
)
from vendors.querysets import sees_spending


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
    spent = serializers.SerializerMethodField(
        help_text=_("What was paid to date in the contract's currency; null: nothing is known to be paid.")
    )
    cancel_by = serializers.DateField(
        read_only=True,
        allow_null=True,
        help_text=_("The last day to cancel it for its end: the notice period before; null: no end or period agreed."),
    )

    class Meta:
        model = Contract
        fields = [
            "number",
            "title",
            "description",
            "vendor",
            "agency",
            "kind",
            "category",
            "status",
            "value",
            "spent",
            "signed_on",
            "starts_on",
            "ends_on",
            "notice_period",
            "notice_unit",
            "cancel_by",
            "renewal_months",
            "renewals_left",
            "renews_automatically",
            "criticality",
            "holder",
            "version",
        ]

    @extend_schema_field(MoneySerializer(allow_null=True))
    def money_of(self, row: Contract) -> dict[str, Any] | None:
        return money(row.value, row.currency)

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_spent(self, row: Any) -> dict[str, Any] | None:
        return money(row.spent, row.currency)


class ContractDetailSerializer(ContractSerializer):
    """A contract with what became of it."""

    amendments = AmendmentSerializer(many=True, read_only=True)
    milestones = MilestoneSerializer(many=True, read_only=True)

    class Meta(ContractSerializer.Meta):
        fields = [*ContractSerializer.Meta.fields, "amendments", "milestones"]


class ServiceReferenceSerializer(RowSerializer):
    """A service in short."""

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


class SubscriptionSerializer(RowSerializer):
    """One agency's use of one service, for a time."""

    agency = OrganizationReferenceSerializer(read_only=True)
    service = ServiceReferenceSerializer(read_only=True)

    class Meta:
        model = Subscription
        fields = ["id", "agency", "service", "starts_on", "ends_on", "version"]


class IntegrationSerializer(RowSerializer):
    """What a multisource integrator (MSI) orchestrates: a supplier, or a single service of it."""

    integrator = OrganizationReferenceSerializer(read_only=True)
    supplier = OrganizationReferenceSerializer(source="supplier.organization", read_only=True)
    service = ServiceReferenceSerializer(
        read_only=True, allow_null=True, help_text=_("Null: all services of the supplier.")
    )

    class Meta:
        model = Integration
        fields = ["id", "integrator", "supplier", "service", "starts_on", "ends_on", "version"]


class ServiceLevelSerializer(RowSerializer):
    """A series that a contract commits to: dimension, weight, months in force."""

    code = serializers.CharField(source="series.code", read_only=True, help_text=_("Also the code of its series."))
    vendor = OrganizationReferenceSerializer(source="series.provider", read_only=True)
    agency = OrganizationReferenceSerializer(source="series.agency", read_only=True)
    contract = ContractReferenceSerializer(read_only=True, allow_null=True)
    service = ServiceReferenceSerializer(
        read_only=True, allow_null=True, help_text=_("Null where there is none, or none that you may see.")
    )
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


class TemplateSerializer(RowSerializer):
    """What a service level may start from: what is measured, and the target."""

    indicator = IndicatorReferenceSerializer(read_only=True)

    class Meta:
        model = ServiceLevelTemplate
        fields = [*TemplateWriteSerializer.Meta.fields, "version"]


class VendorViewSet(ProfileViewSet):
    """Vendors, by their code. An agency sees those that serve it, a vendor itself."""

    resource = "vendors"
    queryset = Vendor.objects.select_related("organization__parent")
    serializer_class = VendorSerializer
    write_serializer_class = VendorWriteSerializer
    filterset_class = VendorFilterSet
    ordering_fields = {"name": Lower("organization__name"), "code": "organization__code"}


class ContractViewSet(WriteViewSet):
    """Contracts, by their number. Both parties see them."""

    resource = "contracts"
    queryset = Contract.objects.select_related("vendor__organization", "agency").with_spent()
    serializer_class = ContractSerializer
    write_serializer_class = ContractWriteSerializer
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

    def get_serializer_class(self) -> type[ContractSerializer]:
        return ContractSerializer if self.action == "list" else ContractDetailSerializer

    def refine(self, rows: Any, user: Any) -> Any:
        if self.action == "list":
            return rows
        amendments = with_targets(Amendment.objects.visible_to(user), user)
        milestones = Milestone.objects.visible_to(user)
        return rows.prefetch_related(Prefetch("amendments", amendments), Prefetch("milestones", milestones))


class ServiceViewSet(WriteViewSet):
    """Services, by their code. The catalogue is open to all agencies."""

    resource = "services"
    queryset = Service.objects.select_related("provider__organization")
    serializer_class = ServiceSerializer
    write_serializer_class = ServiceWriteSerializer
    filterset_class = ServiceFilterSet
    ordering_fields = {"name": Lower("name"), "code": "code"}
    lookup_field = "code"

    def refine(self, rows: Any, user: Any) -> Any:
        return rows.prefetch_related(Prefetch("contract", Contract.objects.visible_to(user)))


class SubscriptionViewSet(WriteViewSet):
    """Subscriptions, by their id. The agency that uses a service and its provider see them."""

    resource = "subscriptions"
    queryset = Subscription.objects.select_related("agency", "service")
    serializer_class = SubscriptionSerializer
    write_serializer_class = SubscriptionWriteSerializer
    filterset_class = SubscriptionFilterSet
    ordering_fields = {
        "agency": Lower("agency__name"),
        "service": Lower("service__name"),
        "starts_on": "starts_on",
        "ends_on": "ends_on",
    }
    lookup_value_regex = "[0-9]+"


class IntegrationViewSet(WriteViewSet):
    """Integrations, by their id. The integrator and the supplier see them."""

    resource = "integrations"
    queryset = Integration.objects.select_related("integrator", "supplier__organization", "service")
    serializer_class = IntegrationSerializer
    write_serializer_class = IntegrationWriteSerializer
    filterset_class = IntegrationFilterSet
    ordering_fields = {
        "integrator": Lower("integrator__name"),
        "supplier": Lower("supplier__organization__name"),
        "starts_on": "starts_on",
        "ends_on": "ends_on",
    }
    lookup_value_regex = "[0-9]+"


class ServiceLevelViewSet(WriteViewSet):
    """Service levels, by their code, which is that of their series."""

    resource = "service-levels"
    queryset = ServiceLevel.objects.select_related("series__indicator", "series__agency", "series__provider")
    serializer_class = ServiceLevelSerializer
    write_serializer_class = ServiceLevelWriteSerializer
    filterset_class = ServiceLevelFilterSet
    pagination_class = KeysetPagination
    ordering_fields = {"code": "series__code", "dimension": "dimension", "weight": "weight"}
    lookup_field = "series__code"
    lookup_url_kwarg = "code"

    def refine(self, rows: Any, user: Any) -> Any:
        contracts, services = Contract.objects.visible_to(user), Service.objects.visible_to(user)
        return rows.prefetch_related(Prefetch("contract", contracts), Prefetch("service", services))


class TemplateViewSet(WriteViewSet):
    """Templates of service levels, by their code. Staff sees them, the CIO's office keeps them."""

    resource = "service-level-templates"
    queryset = ServiceLevelTemplate.objects.select_related("indicator")
    serializer_class = TemplateSerializer
    write_serializer_class = TemplateWriteSerializer
    filterset_class = TemplateFilterSet
    ordering_fields = {"name": Lower("name"), "code": "code"}
    lookup_field = "code"
