"""Service levels and their templates over the API."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.directory.api import OrganizationReferenceSerializer
from kernel.directory.models import code_validator
from kernel.rest.keyset import KeysetPagination
from kernel.rest.serializers import MonthSerializerField, RowSerializer
from kernel.rest.writing import KeyField, StrictSerializer, WriteSerializer, WriteViewSet
from metrics.api.indicators import IndicatorReferenceSerializer
from metrics.models import Indicator
from vendors.filters.service_levels import ServiceLevelFilterSet, TemplateFilterSet
from vendors.models import ServiceLevel, ServiceLevelTemplate
from vendors.service_levels.committing import FirstTarget, create_service_level


class ServiceLevelSerializer(RowSerializer):
    """A series that a contract commits to: dimension, weight, months in force."""

    after = {"code": ("vendor", "agency"), "service": ("indicator",)}
    code = serializers.CharField(source="series.code", read_only=True, help_text=_("Also the code of its series."))
    vendor = OrganizationReferenceSerializer(source="series.provider", read_only=True)
    agency = OrganizationReferenceSerializer(source="series.agency", read_only=True)
    indicator = IndicatorReferenceSerializer(source="series.indicator", read_only=True)

    class Meta:
        model = ServiceLevel
        extra_kwargs = {
            "contract": {"allow_null": True},
            "service": {"help_text": _("Null where there is none, or none that you may see.")},
        }


class TemplateWriteSerializer(WriteSerializer):
    """What people write of a template; service levels that began with it stay as they are."""

    class Meta:
        model = ServiceLevelTemplate


class TemplateSerializer(RowSerializer):
    """What a service level may start from: what is measured, and the target."""

    class Meta:
        model = ServiceLevelTemplate


class FirstTargetSerializer(StrictSerializer):
    """The target that a new service level starts with."""

    effective_from = MonthSerializerField()
    target = serializers.DecimalField(max_digits=30, decimal_places=9)
    floor = serializers.DecimalField(max_digits=30, decimal_places=9, required=False, allow_null=True)
    stretch = serializers.DecimalField(max_digits=30, decimal_places=9, required=False, allow_null=True)


class ServiceLevelWriteSerializer(WriteSerializer):
    """What people write of a service level: a new one comes with its series, and its first target if there is one."""

    after = {"service": ("indicator",)}
    fixed = ("code", "contract", "indicator", "target")
    code = serializers.CharField(source="series.code", max_length=120, validators=[code_validator])
    indicator = KeyField(
        slug_field="code", source="series.indicator", queryset=Indicator.objects.filter(retired_on__isnull=True)
    )
    target = FirstTargetSerializer(required=False, write_only=True)

    class Meta:
        model = ServiceLevel

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
        return create_service_level(
            **{"weight": Decimal(1), **validated_data, **series},
            target=FirstTarget(**target) if target else None,
            by=self.context["request"].user,
        )

    def update(self, instance: ServiceLevel, validated_data: dict[str, Any]) -> ServiceLevel:
        validated_data.pop("series", None)
        return super().update(instance, validated_data)


class ServiceLevelViewSet(WriteViewSet):
    """Service levels, by their code, which is that of their series."""

    resource = "service-levels"
    queryset = ServiceLevel.objects.select_related("series__indicator", "series__agency", "series__provider")
    serializer_class = ServiceLevelSerializer
    write_serializer_class = ServiceLevelWriteSerializer
    filterset_class = ServiceLevelFilterSet
    pagination_class = KeysetPagination
    ordering_fields = {"code": "series__code", "dimension": "dimension", "weight": "weight"}


class TemplateViewSet(WriteViewSet):
    """Templates of service levels, by their code. Staff sees them, the CIO's office keeps them."""

    resource = "service-level-templates"
    queryset = ServiceLevelTemplate.objects.select_related("indicator")
    serializer_class = TemplateSerializer
    write_serializer_class = TemplateWriteSerializer
    filterset_class = TemplateFilterSet
