"""Amendments, milestones and payments of a contract, over the API."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from kernel.rest.keyset import KeysetPagination
from kernel.rest.serializers import MonthSerializerField, RowSerializer
from kernel.rest.writing import KeyField, StrictSerializer, WriteSerializer, WriteViewSet
from vendors.contract_parts.amending import TargetChange, amend_contract, correct_amendment
from vendors.filters.contract_parts import AmendmentFilterSet, MilestoneFilterSet, PaymentFilterSet
from vendors.models import AmendedTarget, Amendment, Milestone, Payment, ServiceLevel


class AmendedTargetSerializer(RowSerializer):
    """What a service level is to reach by an amendment; `service_level` is its code."""

    service_level = serializers.CharField(source="target.series.code", read_only=True)
    effective_from = MonthSerializerField(source="target.effective_from", read_only=True)
    floor = serializers.DecimalField(30, 9, source="target.floor", read_only=True, allow_null=True)
    target = serializers.DecimalField(30, 9, source="target.target", read_only=True)
    stretch = serializers.DecimalField(30, 9, source="target.stretch", read_only=True, allow_null=True)

    class Meta:
        model = AmendedTarget
        fields = ["service_level", "effective_from", "floor", "target", "stretch"]


class ContractPartSerializer(RowSerializer):
    """A part of a contract, which it names by its number."""

    is_read_only = True
    contract = serializers.CharField(source="contract.number", read_only=True)


class AmendmentSerializer(ContractPartSerializer):
    """One change of a contract."""

    targets = AmendedTargetSerializer(many=True, read_only=True)

    class Meta:
        model = Amendment


class MilestoneSerializer(ContractPartSerializer):
    """What a contract is to reach by a day."""

    class Meta:
        model = Milestone


class PaymentSerializer(ContractPartSerializer):
    """One amount paid under a contract or, below 0, paid back; names are as the source spells them."""

    class Meta:
        model = Payment


class TargetChangeSerializer(StrictSerializer):
    """What a service level of the contract is to reach from a month on."""

    service_level = KeyField(slug_field="series__code", queryset=ServiceLevel.objects.select_related("series"))
    effective_from = MonthSerializerField()
    target = serializers.DecimalField(max_digits=30, decimal_places=9)
    floor = serializers.DecimalField(max_digits=30, decimal_places=9, required=False, allow_null=True)
    stretch = serializers.DecimalField(max_digits=30, decimal_places=9, required=False, allow_null=True)


class AmendmentWriteSerializer(WriteSerializer):
    """What people write of an amendment: it changes the contract, and what its service levels are to reach."""

    fixed = ("contract", "is_renewal", "targets")
    targets = TargetChangeSerializer(
        many=True, required=False, write_only=True, help_text=gettext_lazy("Given once, with the new amendment.")
    )

    class Meta:
        model = Amendment

    def is_changed(self, name: str, attrs: dict[str, Any]) -> bool:
        return name in attrs if name == "targets" else super().is_changed(name, attrs)

    def create(self, validated_data: dict[str, Any]) -> Amendment:
        targets = [TargetChange(**each) for each in validated_data.pop("targets", [])]
        return amend_contract(**validated_data, targets=targets, by=self.context["request"].user)

    def update(self, instance: Amendment, validated_data: dict[str, Any]) -> Amendment:
        facts = [name for name in Amendment.WRITTEN if name not in self.fixed]
        kept = {name: validated_data.get(name, getattr(instance, name)) for name in facts}
        return correct_amendment(amendment=instance, by=self.context["request"].user, **kept)


class MilestoneWriteSerializer(WriteSerializer):
    """What people write of a milestone."""

    class Meta:
        model = Milestone


class PaymentWriteSerializer(WriteSerializer):
    """What people write of a payment."""

    class Meta:
        model = Payment


class AmendmentViewSet(WriteViewSet):
    """Amendments of contracts, by their id. What is written here changes the contract as well."""

    resource = "amendments"
    queryset = Amendment.objects.select_related("contract")
    serializer_class = AmendmentSerializer
    write_serializer_class = AmendmentWriteSerializer
    filterset_class = AmendmentFilterSet
    ordering_fields = {"contract": "contract__number", "signed_on": "signed_on", "value_change": "value_change"}

    def refine(self, rows: Any, user: Any) -> Any:
        return with_targets(rows, user)


class MilestoneViewSet(WriteViewSet):
    """Milestones of contracts, by their id."""

    resource = "milestones"
    queryset = Milestone.objects.select_related("contract")
    serializer_class = MilestoneSerializer
    write_serializer_class = MilestoneWriteSerializer
    filterset_class = MilestoneFilterSet
    ordering_fields = {"contract": "contract__number", "due_on": "due_on", "met_on": "met_on"}


class PaymentViewSet(WriteViewSet):
    """Payments under contracts, by their id."""

    resource = "payments"
    queryset = Payment.objects.select_related("contract").order_by("-paid_on")
    serializer_class = PaymentSerializer
    write_serializer_class = PaymentWriteSerializer
    filterset_class = PaymentFilterSet
    pagination_class = KeysetPagination
    ordering_fields = {"paid_on": "paid_on"}


def with_targets(amendments: Any, user: Any) -> Any:
    """Amendments with the targets they agreed, as far as the user sees them: one query more."""
    targets = AmendedTarget.objects.visible_to(user).select_related("target__series")
    return amendments.prefetch_related(Prefetch("targets", targets))
