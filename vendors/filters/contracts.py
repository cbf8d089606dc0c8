"""Filters of contracts and of their calendar."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.filters import InForceFilter, OrganizationFilter, ScopedFilterSet, SearchFilter, WholeNumberFilter
from vendors.models import Contract, Vendor


class ContractFilterSet(ScopedFilterSet):
    """Contracts."""

    search = SearchFilter(fields=("number", "title"))
    vendor = OrganizationFilter(label=_("Vendor"), field_name="vendor__organization", known=Vendor.objects.all())
    agency = OrganizationFilter(label=_("Agency"), field_name="agency")
    criticality = WholeNumberFilter(label=_("Criticality"), min_value=1, max_value=5)
    in_force = InForceFilter()
    ending_within = WholeNumberFilter(
        label=_("Ends within days"), method="filter_ending", min_value=0, max_value=36_500
    )
    cancel_within = WholeNumberFilter(
        label=_("To be cancelled within days"), method="filter_to_be_cancelled", min_value=0, max_value=36_500
    )

    class Meta:
        model = Contract
        fields = [
            "search",
            "vendor",
            "agency",
            "kind",
            "category",
            "status",
            "holder",
            "criticality",
            "in_force",
            "ending_within",
            "cancel_within",
        ]

    def filter_ending(self, rows: Any, name: str, days: int) -> Any:
        return rows.ending_within(days)

    def filter_to_be_cancelled(self, rows: Any, name: str, days: int) -> Any:
        return rows.to_be_cancelled_within(days)


class ContractCalendarFilterSet(ContractFilterSet):
    """Contracts as the calendar asks for them: whose they are."""

    class Meta(ContractFilterSet.Meta):
        fields = ["vendor", "agency", "holder"]

    search: Any = None
    criticality: Any = None
    in_force: Any = None
    ending_within: Any = None
    cancel_within: Any = None
