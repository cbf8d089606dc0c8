"""How the API refers to organizations, writes one together with its profile, and keeps whom to talk to there."""

from typing import Any

from django.db.models.functions import Lower
from rest_framework import serializers

from kernel.directory.filters import ContactFilterSet
from kernel.directory.models import Contact, Organization
from kernel.directory.operations import save_organization
from kernel.rest.serializers import ReferenceSerializer, RowSerializer
from kernel.rest.writing import KeyField, WriteSerializer, WriteViewSet


class OrganizationReferenceSerializer(ReferenceSerializer):
    """Code and name of an organization; they show wherever a row you may see refers to it."""

    class Meta:
        model = Organization


class ProfileSerializer(RowSerializer):
    """A profile (agency, vendor) together with its organization."""

    after = {"code": ("name", "parent")}
    code = serializers.CharField(source="organization.code", read_only=True)
    name = serializers.CharField(source="organization.name", read_only=True)
    parent = OrganizationReferenceSerializer(source="organization.parent", read_only=True, allow_null=True)
    retired_on = serializers.DateField(source="organization.retired_on", read_only=True, allow_null=True)


class ProfileWriteSerializer(WriteSerializer):
    """What people write of a profile (agency, vendor) and its organization, saved together."""

    after = ProfileSerializer.after
    fixed = ("code",)
    code = serializers.CharField(source="organization.code", max_length=100)
    name = serializers.CharField(source="organization.name", max_length=250)
    parent = KeyField(  # type: ignore[assignment]  # the metaclass takes fields away from the class
        slug_field="code",
        source="organization.parent",
        queryset=Organization.objects.all(),
        allow_null=True,
        required=False,
    )
    retired_on = serializers.DateField(source="organization.retired_on", allow_null=True, required=False)

    def is_changed(self, name: str, attrs: dict[str, Any]) -> bool:
        given = attrs.get("organization", {})
        return name in given and given[name] != getattr(self.instance.organization, name)  # type: ignore[union-attr]  # a change has its row

    def write(self, row: Any, values: dict[str, Any]) -> Any:
        """Write the organization first, then its profile."""
        own = dict(values)
        of_organization = own.pop("organization", {})
        code = of_organization.pop("code", "")
        save_organization(profile=row, code=code, by=self.context["request"].user, **of_organization)
        return super().write(row, own)


class ProfileViewSet(WriteViewSet):
    """Profiles by the code of their organization; a change of either is a new version."""

    ordering_fields = {"name": Lower("organization__name"), "code": "organization__code"}
    locks = ("self", "organization")

    def refine(self, rows: Any, user: Any) -> Any:
        return rows.select_related("organization__parent")

    def version_of(self, row: Any) -> str:
        return f"{row.version}.{row.organization.version}"


class ContactSerializer(RowSerializer):
    """A person to talk to at an organization."""

    class Meta:
        model = Contact


class ContactWriteSerializer(WriteSerializer):
    """What people write of a contact."""

    class Meta:
        model = Contact


class ContactViewSet(WriteViewSet):
    """Contacts, by their id. Members of an organization see its own; an agency keeps its own."""

    resource = "contacts"
    queryset = Contact.objects.all()
    serializer_class = ContactSerializer
    write_serializer_class = ContactWriteSerializer
    filterset_class = ContactFilterSet
    ordering_fields = {"name": Lower("name"), "organization": Lower("organization__name")}
