"""Services, subscriptions and integrations over the API."""

from typing import Any

from django.db.models import Prefetch
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.directory.api import OrganizationReferenceSerializer
from kernel.directory.models import Organization
from kernel.rest.serializers import MoneySerializer, RowSerializer, money
from kernel.rest.writing import KeyField, WriteSerializer, WriteViewSet
from vendors.api.contracts import ContractReferenceSerializer
from vendors.filters.services import IntegrationFilterSet, ServiceFilterSet, SubscriptionFilterSet
from vendors.models import Contract, Integration, Service, Subscription, Vendor
from vendors.querysets.services import sees_spending


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


class ServiceWriteSerializer(WriteSerializer):
    """What people write of a service."""

    fixed = ("code",)
    provider = KeyField(slug_field="organization__code", queryset=Vendor.objects.all())
    contract = KeyField(slug_field="number", queryset=Contract.objects.all(), required=False, allow_null=True)
    yearly_spending = MoneySerializer(required=False, allow_null=True)

    class Meta:
        model = Service
        fields = ["code", "name", "description", "provider", "contract", "lifecycle", "yearly_spending"]


class SubscriptionWriteSerializer(WriteSerializer):
    """What people write of a subscription."""

    fixed = ("service",)
    agency = KeyField(slug_field="code", queryset=Organization.objects.all())
    service = KeyField(slug_field="code", queryset=Service.objects.all())

    class Meta:
        model = Subscription
        fields = ["agency", "service", "starts_on", "ends_on"]


class IntegrationWriteSerializer(WriteSerializer):
    """What people write of an integration."""

    fixed = ("supplier",)
    integrator = KeyField(slug_field="code", queryset=Organization.objects.all())
    supplier = KeyField(slug_field="organization__code", queryset=Vendor.objects.all())
    service = KeyField(slug_field="code", queryset=Service.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Integration
        fields = ["integrator", "supplier", "service", "starts_on", "ends_on"]


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
