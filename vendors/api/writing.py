"""What people write of the supply side."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from kernel.directory.api import ProfileWriteSerializer
from kernel.directory.models import Organization, code_validator
from kernel.rest.serializers import MoneySerializer, MonthSerializerField
from kernel.rest.writing import KeyField, StrictSerializer, WriteSerializer
from metrics.models import Indicator, Series
from vendors.agreements import FirstTarget, create_service_level
from vendors.models import Contract, Integration, Service, ServiceLevel, ServiceLevelTemplate, Subscription, Vendor


class VendorWriteSerializer(ProfileWriteSerializer):
    """What people write of a vendor."""

    class Meta:
        model = Vendor
        fields = ["code", "name", "parent", "kind", "segment", "website", "retired_on"]


class ContractWriteSerializer(WriteSerializer):
    """What people write of a contract; its parties are fixed once it has service levels."""

    vendor = KeyField(slug_field="organization__code", queryset=Vendor.objects.all())
    agency = KeyField(slug_field="code", queryset=Organization.objects.all())
    value = MoneySerializer(required=False, allow_null=True)

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
            "signed_on",
            "starts_on",
            "ends_on",
            "notice_period",
            "notice_unit",
            "renewal_months",
            "renewals_left",
            "renews_automatically",
            "criticality",
            "holder",
        ]


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


class FirstTargetSerializer(StrictSerializer):
    """The target that a new service level starts with."""

    effective_from = MonthSerializerField()
    target = serializers.DecimalField(max_digits=30, decimal_places=9)
    floor = serializers.DecimalField(max_digits=30, decimal_places=9, required=False, allow_null=True)
    stretch = serializers.DecimalField(max_digits=30, decimal_places=9, required=False, allow_null=True)


class ServiceLevelWriteSerializer(WriteSerializer):
    """What people write of a service level: a new one comes with its series, and its first target if there is one."""

    fixed = ("code", "contract", "indicator", "target")
    code = serializers.CharField(source="series.code", max_length=120, validators=[code_validator])
    contract = KeyField(slug_field="number", queryset=Contract.objects.all())
    service = KeyField(slug_field="code", queryset=Service.objects.all(), required=False, allow_null=True)
    indicator = KeyField(
        slug_field="code", source="series.indicator", queryset=Indicator.objects.filter(retired_on__isnull=True)
    )
    target = FirstTargetSerializer(required=False, write_only=True)

    class Meta:
        model = ServiceLevel
        fields = [
            "code",
            "contract",
            "service",
            "indicator",
            "dimension",
            "weight",
            "first_month",
            "last_month",
            "target",
        ]

    def is_changed(self, name: str, attrs: dict[str, Any]) -> bool:
        row: Any = self.instance
        if name == "target":
            return "target" in attrs
        if name == "contract":
            return attrs.get(name, row.contract) != row.contract
        series = attrs.get("series", {})
        return name in series and series[name] != getattr(row.series, name)

    def create(self, validated_data: dict[str, Any]) -> ServiceLevel:
        series, target = validated_data.pop("series"), validated_data.pop("target", None)
        if Series.objects.filter(code=series["code"]).exists():
            raise serializers.ValidationError({"code": _("This code is taken. Choose another.")})
        self.check_row(ServiceLevel(**validated_data))
        return create_service_level(
            **{"weight": Decimal(1), **validated_data, **series},
            target=FirstTarget(**target) if target else None,
            by=self.context["request"].user,
        )

    def update(self, instance: ServiceLevel, validated_data: dict[str, Any]) -> ServiceLevel:
        validated_data.pop("series", None)
        return super().update(instance, validated_data)


class TemplateWriteSerializer(WriteSerializer):
    """What people write of a template; service levels that began with it stay as they are."""

    fixed = ("code",)
    indicator = KeyField(slug_field="code", queryset=Indicator.objects.all())

    class Meta:
        model = ServiceLevelTemplate
        fields = [
            "code",
            "name",
            "description",
            "indicator",
            "dimension",
            "weight",
            "floor",
            "target",
            "stretch",
            "retired_on",
        ]
