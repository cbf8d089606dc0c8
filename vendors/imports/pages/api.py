"""Files of contracts, payments and services that people sent, over the API."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.rest.serializers import RowSerializer
from kernel.rest.viewsets import ReadViewSet
from vendors.imports.pages.filters import ContractImportFilterSet
from vendors.models import ContractImport


class ContractImportSerializer(RowSerializer):
    """A file that was sent, and what would come or came of it."""

    started_by = serializers.CharField(source="started_by.name", read_only=True)
    job = serializers.PrimaryKeyRelatedField[ContractImport](
        read_only=True, allow_null=True, help_text=_("Id of the job that reads it, or that read it last.")
    )
    figures = serializers.SerializerMethodField(help_text=_("How many rows are new, replaced, unchanged and refused."))

    class Meta:
        model = ContractImport
        fields = ["id", "file_name", "holds", "started_by", "started_at", "figures", "job", "merged_at", "undone_at"]
        read_only_fields = fields

    def get_figures(self, row: ContractImport) -> dict[str, int]:
        """The figures of its report; none before it was read."""
        return {name: row.report[name] for name, _label in row.SHOWN if name in row.report}


class ContractImportViewSet(ReadViewSet):
    """Files of contracts, payments and services, by their id, the latest first. The office and auditors see them."""

    resource = "contract-imports"
    queryset = ContractImport.objects.select_related("started_by", "job")
    serializer_class = ContractImportSerializer
    filterset_class = ContractImportFilterSet
    ordering_fields = {"started_at": "started_at"}
