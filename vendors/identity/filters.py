"""Filters of likely duplicates and of merges, for pages and API alike."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.directory.likeness import Reason
from kernel.directory.models import OrganizationMerge
from kernel.filters import OrganizationFilter, ScopedFilterSet, SearchFilter, YesNoFilter
from vendors.models import LikelyDuplicate, Vendor

NAMES = tuple(f"{side}__organization__{field}" for side in ("one", "other") for field in ("code", "name"))


class LikelyDuplicateFilterSet(ScopedFilterSet):
    """Pairs of vendors that may be one."""

    search = SearchFilter(label=_("Vendor"), fields=NAMES)
    decision = django_filters.ChoiceFilter(
        label=_("Decision"), choices=LikelyDuplicate.Decision.choices, empty_label=_("Any")
    )
    reason = django_filters.ChoiceFilter(
        label=_("Reason"), choices=Reason.choices, empty_label=_("Any"), method="filter_reason"
    )

    class Meta:
        model = LikelyDuplicate
        fields = ["search", "decision", "reason"]

    def filter_reason(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Pairs of which this speaks for or against their being one."""
        return rows.filter(reasons__contains=[value])


class MergeFilterSet(ScopedFilterSet):
    """Merges."""

    search = SearchFilter(
        label=_("Name or code"), fields=("absorbed__name", "absorbed__code", "kept__name", "kept__code")
    )
    kept = OrganizationFilter(label=_("Merged into"), field_name="kept", known=Vendor.objects.all())
    undone = YesNoFilter(label=_("Undone"), field_name="undone_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = OrganizationMerge
        fields = ["search", "kept", "undone"]
