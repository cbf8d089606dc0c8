"""Filters of amendments, milestones and payments."""

import django_filters
from django.utils.translation import gettext_lazy as _

from kernel.filters import CodeFilter, OrganizationFilter, ScopedFilterSet, YesNoFilter
from vendors.models import Amendment, Contract, Milestone, Payment, Vendor


class ContractPartFilterSet(ScopedFilterSet):
    """What hangs on contracts."""

    contract = CodeFilter(label=_("Contract"), queryset=Contract.objects.all(), to_field_name="number")
    vendor = OrganizationFilter(
        label=_("Vendor"), field_name="contract__vendor__organization", known=Vendor.objects.all()
    )
    agency = OrganizationFilter(label=_("Agency"), field_name="contract__agency")


class AmendmentFilterSet(ContractPartFilterSet):
    """Amendments."""

    renewal = YesNoFilter(label=_("Renewal"), field_name="is_renewal")
    signed_from = django_filters.DateFilter(label=_("Signed on or after"), field_name="signed_on", lookup_expr="gte")
    signed_to = django_filters.DateFilter(label=_("Signed on or before"), field_name="signed_on", lookup_expr="lte")

    class Meta:
        model = Amendment
        fields = ["contract", "vendor", "agency", "renewal", "signed_from", "signed_to"]


class MilestoneFilterSet(ContractPartFilterSet):
    """Milestones."""

    due_from = django_filters.DateFilter(label=_("Due on or after"), field_name="due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter(label=_("Due on or before"), field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Milestone
        fields = ["contract", "vendor", "agency", "status", "due_from", "due_to"]


class PaymentFilterSet(ContractPartFilterSet):
    """Payments."""

    paid_from = django_filters.DateFilter(label=_("Paid on or after"), field_name="paid_on", lookup_expr="gte")
    paid_to = django_filters.DateFilter(label=_("Paid on or before"), field_name="paid_on", lookup_expr="lte")

    class Meta:
        model = Payment
        fields = ["contract", "vendor", "agency", "paid_from", "paid_to"]
