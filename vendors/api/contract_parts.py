"""Amendments, milestones and payments of a contract, over the API."""

from typing import Any, ClassVar

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.directory.api import OrganizationReferenceSerializer
from kernel.directory.models import Organization
from kernel.rest.keyset import KeysetPagination
from kernel.rest.serializers import MoneySerializer, MonthSerializerField, RowSerializer, money
from kernel.rest.writing import KeyField, StrictSerializer, WriteSerializer, WriteViewSet
from vendors.contract_parts.amending import TargetChange, amend_contract, correct_amendment
from vendors.filters.contract_parts import AmendmentFilterSet, MilestoneFilterSet, PaymentFilterSet
from vendors.models import AmendedTarget, Amendment, Contract, Milestone, Payment, ServiceLevel


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


class AmendmentSerializer(RowSerializer):
    """One change of a contract."""

    contract = serializers.CharField(source="contract.number", read_only=True)
    targets = AmendedTargetSerializer(many=True, read_only=True)

    class Meta:
        model = Amendment
        fields = [
            "id",
            "contract",
            "reference",
            "signed_on",
            "description",
            "reason",
            "value_change",
            "new_ends_on",
            "is_renewal",
            "targets",
            "version",
        ]
        read_only_fields = fields


class MilestoneSerializer(RowSerializer):
    """What a contract is to reach by a day."""

    contract = serializers.CharField(source="contract.number", read_only=True)

    class Meta:
        model = Milestone
        fields = ["id", "contract", "reference", "title", "description", "due_on", "met_on", "status", "version"]
        read_only_fields = fields


class PaymentSerializer(RowSerializer):
    """One amount paid under a contract or, below 0, paid back; names are as the source spells them."""

    contract = serializers.CharField(source="contract.number", read_only=True)
    amount = serializers.SerializerMethodField("money_of")
    payer = OrganizationReferenceSerializer(read_only=True, allow_null=True)
    payee = OrganizationReferenceSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Payment
        fields = [
            "id",
            "contract",
            "reference",
            "paid_on",
            "amount",
            "payer",
            "payer_name",
            "payee",
            "payee_name",
            "version",
        ]
        read_only_fields = fields

    @extend_schema_field(MoneySerializer)
    def money_of(self, row: Payment) -> dict[str, Any] | None:
        return money(row.amount, row.currency)


class TargetChangeSerializer(StrictSerializer):
    """What a service level of the contract is to reach from a month on."""

    service_level = KeyField(slug_field="series__code", queryset=ServiceLevel.objects.select_related("series"))
    effective_from = MonthSerializerField()
    target = serializers.DecimalField(max_digits=30, decimal_places=9)
    floor = serializers.DecimalField(max_digits=30, decimal_places=9, required=False, allow_null=True)
    stretch = serializers.DecimalField(max_digits=30, decimal_places=9, required=False, allow_null=True)


class ContractPartWriteSerializer(WriteSerializer):
    """What people write of a part of a contract, which never moves to another contract."""

    fixed: ClassVar[tuple[str, ...]] = ("contract",)
    contract = KeyField(slug_field="number", queryset=Contract.objects.all())


class AmendmentWriteSerializer(ContractPartWriteSerializer):
    """What people write of an amendment: it changes the contract, and what its service levels are to reach."""

    fixed = ("contract", "is_renewal", "targets")
    targets = TargetChangeSerializer(
        many=True, required=False, write_only=True, help_text=gettext_lazy("Given once, with the new amendment.")
    )

    class Meta:
        model = Amendment
        fields = [
            "contract",
            "reference",
            "signed_on",
            "description",
            "reason",
            "value_change",
            "new_ends_on",
            "is_renewal",
            "targets",
        ]
        validators: list[Any] = []  # The model's own constraints, told by the operation.

    def is_changed(self, name: str, attrs: dict[str, Any]) -> bool:
        return name in attrs if name == "targets" else super().is_changed(name, attrs)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Targets are of the contract's own service levels, and come with a reason."""
        changes: list[dict[str, Any]] = attrs.get("targets", [])
        contract = attrs.get("contract", getattr(self.instance, "contract", None))
        foreign = [each["service_level"].code for each in changes if each["service_level"].contract != contract]
        if foreign:
            message = _("These are not service levels of the contract: %(codes)s.")
            raise serializers.ValidationError({"targets": message % {"codes": ", ".join(foreign[:10])}})
        if changes and not attrs.get("reason"):
            message = _("Say why service levels change: it stands in their target history.")
            raise serializers.ValidationError({"reason": message})
        return super().validate(attrs)

    def create(self, validated_data: dict[str, Any]) -> Amendment:
        targets = [TargetChange(**each) for each in validated_data.pop("targets", [])]
        return amend_contract(**validated_data, targets=targets, by=self.context["request"].user)

    def update(self, instance: Amendment, validated_data: dict[str, Any]) -> Amendment:
        facts = ("reference", "signed_on", "description", "reason", "value_change", "new_ends_on")
        kept = {name: validated_data.get(name, getattr(instance, name)) for name in facts}
        return correct_amendment(amendment=instance, by=self.context["request"].user, **kept)


class MilestoneWriteSerializer(ContractPartWriteSerializer):
    """What people write of a milestone."""

    class Meta:
        model = Milestone
        fields = ["contract", "reference", "title", "description", "due_on", "met_on", "status"]
        validators: list[Any] = []  # The model's own constraints, told by `check_row`.


class PaymentWriteSerializer(ContractPartWriteSerializer):
    """What people write of a payment."""

    amount = MoneySerializer()
    payer = KeyField(slug_field="code", queryset=Organization.objects.all(), required=False, allow_null=True)
    payee = KeyField(slug_field="code", queryset=Organization.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Payment
        fields = ["contract", "reference", "paid_on", "amount", "payer", "payer_name", "payee", "payee_name"]
        validators: list[Any] = []  # As above.


class AmendmentViewSet(WriteViewSet):
    """Amendments of contracts, by their id. What is written here changes the contract as well."""

    resource = "amendments"
    queryset = Amendment.objects.select_related("contract")
    serializer_class = AmendmentSerializer
    write_serializer_class = AmendmentWriteSerializer
    filterset_class = AmendmentFilterSet
    ordering_fields = {"contract": "contract__number", "signed_on": "signed_on", "value_change": "value_change"}
    lookup_value_regex = "[0-9]+"

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
    lookup_value_regex = "[0-9]+"


class PaymentViewSet(WriteViewSet):
    """Payments under contracts, by their id."""

    resource = "payments"
    queryset = Payment.objects.select_related("contract", "payer", "payee").order_by("-paid_on")
    serializer_class = PaymentSerializer
    write_serializer_class = PaymentWriteSerializer
    filterset_class = PaymentFilterSet
    pagination_class = KeysetPagination
    ordering_fields = {"paid_on": "paid_on"}
    lookup_value_regex = "[0-9]+"


def with_targets(amendments: Any, user: Any) -> Any:
    """Amendments with the targets they agreed, as far as the user sees them: one query more."""
    targets = AmendedTarget.objects.visible_to(user).select_related("target__series")
    return amendments.prefetch_related(Prefetch("targets", targets))
