"""How the API refers to organizations."""

from brm_portal.directory.models import Organization
from brm_portal.rest.serializers import RowSerializer


class OrganizationReferenceSerializer(RowSerializer):
    """Code and name of an organization; they show wherever a row you may see refers to it."""

    class Meta:
        model = Organization
        fields = ["code", "name"]
        read_only_fields = fields
