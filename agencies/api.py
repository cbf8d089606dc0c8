"""The demand side over the API."""

from agencies.filters import AgencyFilterSet
from agencies.models import Agency
from kernel.directory.api import ProfileSerializer, ProfileViewSet, ProfileWriteSerializer


class AgencySerializer(ProfileSerializer):
    """An agency that the CIO's office serves."""

    class Meta:
        model = Agency


class AgencyWriteSerializer(ProfileWriteSerializer):
    """What people write of an agency."""

    class Meta:
        model = Agency


class AgencyViewSet(ProfileViewSet):
    """Agencies, by their code. Members of an agency see their own."""

    resource = "agencies"
    queryset = Agency.objects.all()
    serializer_class = AgencySerializer
    write_serializer_class = AgencyWriteSerializer
    filterset_class = AgencyFilterSet
