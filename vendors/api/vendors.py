"""Vendors over the API."""

from kernel.directory.api import ProfileSerializer, ProfileViewSet, ProfileWriteSerializer
from vendors.filters.vendors import VendorFilterSet
from vendors.models import Vendor


class VendorSerializer(ProfileSerializer):
    """An organization as a supplier."""

    class Meta:
        model = Vendor


class VendorWriteSerializer(ProfileWriteSerializer):
    """What people write of a vendor."""

    class Meta:
        model = Vendor


class VendorViewSet(ProfileViewSet):
    """Vendors, by their code. An agency sees those that serve it, a vendor itself."""

    resource = "vendors"
    queryset = Vendor.objects.all()
    serializer_class = VendorSerializer
    write_serializer_class = VendorWriteSerializer
    filterset_class = VendorFilterSet
