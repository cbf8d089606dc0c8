"""The demand side over the API."""

from django.db.models.functions import Lower
from rest_framework import serializers

from agencies.filters import AgencyFilterSet
from agencies.models import Agency
from kernel.directory.api import OrganizationReferenceSerializer, ProfileViewSet, ProfileWriteSerializer
from kernel.rest.serializers import RowSerializer


class AgencySerializer(RowSerializer):
    """An agency that the CIO's office serves."""

    code = serializers.CharField(source="organization.code", read_only=True)
    name = serializers.CharField(source="organization.name", read_only=True)
    parent = OrganizationReferenceSerializer(source="organization.parent", read_only=True, allow_null=True)
    retired_on = serializers.DateField(source="organization.retired_on", read_only=True, allow_null=True)

    class Meta:
        model = Agency
        fields = ["code", "name", "parent", "mission", "website", "retired_on", "version"]


class AgencyWriteSerializer(ProfileWriteSerializer):
    """What people write of an agency."""

    class Meta:
        model = Agency
        fields = ["code", "name", "parent", "mission", "website", "retired_on"]


class AgencyViewSet(ProfileViewSet):
    """Agencies, by their code. Members of an agency see their own."""

    resource = "agencies"
    queryset = Agency.objects.select_related("organization__parent")
    serializer_class = AgencySerializer
    write_serializer_class = AgencyWriteSerializer
    filterset_class = AgencyFilterSet
    ordering_fields = {"name": Lower("organization__name"), "code": "organization__code"}
