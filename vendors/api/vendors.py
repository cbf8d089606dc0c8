"""Vendors over the API."""

from django.db.models.functions import Lower
from rest_framework import serializers

from kernel.directory.api import OrganizationReferenceSerializer, ProfileViewSet, ProfileWriteSerializer
from kernel.rest.serializers import RowSerializer
from vendors.filters.vendors import VendorFilterSet
from vendors.models import Vendor


class VendorSerializer(RowSerializer):
    """An organization as a supplier."""

    code = serializers.CharField(source="organization.code", read_only=True)
    name = serializers.CharField(source="organization.name", read_only=True)
    parent = OrganizationReferenceSerializer(source="organization.parent", read_only=True, allow_null=True)
    retired_on = serializers.DateField(source="organization.retired_on", read_only=True, allow_null=True)

    class Meta:
        model = Vendor
        fields = ["code", "name", "parent", "kind", "segment", "website", "retired_on", "version"]


class VendorWriteSerializer(ProfileWriteSerializer):
    """What people write of a vendor."""

    class Meta:
        model = Vendor
        fields = ["code", "name", "parent", "kind", "segment", "website", "retired_on"]


class VendorViewSet(ProfileViewSet):
    """Vendors, by their code. An agency sees those that serve it, a vendor itself."""

    resource = "vendors"
    queryset = Vendor.objects.select_related("organization__parent")
    serializer_class = VendorSerializer
    write_serializer_class = VendorWriteSerializer
    filterset_class = VendorFilterSet
    ordering_fields = {"name": Lower("organization__name"), "code": "organization__code"}
