"""Services, subscriptions and integrations over the API."""

from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.rest.serializers import MoneySerializer, ReferenceSerializer, RowSerializer, money
from kernel.rest.writing import WriteSerializer, WriteViewSet
from vendors.filters.services import IntegrationFilterSet, ServiceFilterSet, SubscriptionFilterSet
from vendors.models import Integration, Service, Subscription
from vendors.querysets.services import sees_spending


class ServiceReferenceSerializer(ReferenceSerializer):
    """A service in short."""

    class Meta:
        model = Service


class ServiceSerializer(RowSerializer):
    """One service in the catalogue."""

    yearly_spending = serializers.SerializerMethodField(help_text=_("For the office and the provider; else null."))

    class Meta:
        model = Service

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_yearly_spending(self, row: Service) -> dict[str, Any] | None:
        if not sees_spending(self.context["request"].user):
            return None
        return money(row.yearly_spending, row.currency)


class SubscriptionSerializer(RowSerializer):
    """One agency's use of one service, for a time."""

    class Meta:
        model = Subscription


class IntegrationSerializer(RowSerializer):
    """What a multisource integrator (MSI) orchestrates: a supplier, or a single service of it."""

    class Meta:
        model = Integration
        extra_kwargs = {"service": {"help_text": _("Null: all services of the supplier.")}}


class ServiceWriteSerializer(WriteSerializer):
    """What people write of a service."""

    class Meta:
        model = Service


class SubscriptionWriteSerializer(WriteSerializer):
    """What people write of a subscription."""

    class Meta:
        model = Subscription


class IntegrationWriteSerializer(WriteSerializer):
    """What people write of an integration."""

    class Meta:
        model = Integration


class ServiceViewSet(WriteViewSet):
    """Services, by their code. The catalogue is open to all agencies."""

    resource = "services"
    queryset = Service.objects.all()
    serializer_class = ServiceSerializer
    write_serializer_class = ServiceWriteSerializer
    filterset_class = ServiceFilterSet


class SubscriptionViewSet(WriteViewSet):
    """Subscriptions, by their id. The agency that uses a service and its provider see them."""

    resource = "subscriptions"
    queryset = Subscription.objects.select_related("service")
    serializer_class = SubscriptionSerializer
    write_serializer_class = SubscriptionWriteSerializer
    filterset_class = SubscriptionFilterSet
    ordering_fields = {
        "agency": Lower("agency__name"),
        "service": Lower("service__name"),
        "starts_on": "starts_on",
        "ends_on": "ends_on",
    }


class IntegrationViewSet(WriteViewSet):
    """Integrations, by their id. The integrator and the supplier see them."""

    resource = "integrations"
    queryset = Integration.objects.select_related("service")
    serializer_class = IntegrationSerializer
    write_serializer_class = IntegrationWriteSerializer
    filterset_class = IntegrationFilterSet
    ordering_fields = {
        "integrator": Lower("integrator__name"),
        "supplier": Lower("supplier__organization__name"),
        "starts_on": "starts_on",
        "ends_on": "ends_on",
    }
