"""Contracts over the API."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Prefetch
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.rest.serializers import MoneySerializer, ReferenceSerializer, RowSerializer, money
from kernel.rest.writing import WriteSerializer, WriteViewSet
from vendors.api.contract_parts import AmendmentSerializer, MilestoneSerializer, with_targets
from vendors.filters.contracts import ContractFilterSet
from vendors.models import Amendment, Contract, Milestone, Payment


class ContractReferenceSerializer(ReferenceSerializer):
    """A contract in short; null where you may not see the contract."""

    class Meta:
        model = Contract


class ContractSerializer(RowSerializer):
    """One agreement between a vendor and an agency."""

    after: ClassVar[Mapping[str, tuple[str, ...]]] = {"value": ("spent",), "notice_unit": ("cancel_by",)}
    spent = serializers.SerializerMethodField(
        help_text=_("What was paid to date in the contract's currency; null: nothing is known to be paid.")
    )
    cancel_by = serializers.DateField(
        read_only=True,
        allow_null=True,
        help_text=_("The last day to cancel it for its end: the notice period before; null: no end or period agreed."),
    )

    class Meta:
        model = Contract
        extra_kwargs = {
            "value": {
                "read_only": True,
                "help_text": _("What it is worth in all; an internal agreement: in the year."),
            }
        }

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_spent(self, row: Any) -> dict[str, Any] | None:
        return money(row.spent, row.currency)


class ContractDetailSerializer(ContractSerializer):
    """A contract with what became of it."""

    after = {**ContractSerializer.after, "version": ("amendments", "milestones")}
    amendments = AmendmentSerializer(many=True, read_only=True)
    milestones = MilestoneSerializer(many=True, read_only=True)


class ContractWriteSerializer(WriteSerializer):
    """What people write of a contract; its parties are fixed once it has service levels."""

    class Meta:
        model = Contract


class ContractViewSet(WriteViewSet):
    """Contracts, by their number. Both parties see them."""

    resource = "contracts"
    queryset = Contract.objects.with_spent(Payment.objects.all())
    serializer_class = ContractSerializer
    write_serializer_class = ContractWriteSerializer
    filterset_class = ContractFilterSet
    ordering_fields = {
        "title": Lower("title"),
        "number": "number",
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "criticality": "criticality",
        "value": "value",
    }
    # Contract numbers are the parties' own and hold slashes.
    lookup_value_regex = r"[^\x00]+"

    def get_serializer_class(self) -> type[ContractSerializer]:
        return ContractSerializer if self.action == "list" else ContractDetailSerializer

    def refine(self, rows: Any, user: Any) -> Any:
        if self.action == "list":
            return rows
        amendments = with_targets(Amendment.objects.visible_to(user), user)
        milestones = Milestone.objects.visible_to(user)
        return rows.prefetch_related(Prefetch("amendments", amendments), Prefetch("milestones", milestones))
