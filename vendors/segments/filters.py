"""Filters of the page of proposed segments."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from kernel.filters import ScopedFilterSet, SearchFilter
from vendors.models import Vendor
from vendors.segments.proposing import undecided

OPEN, DECLINED = "open", "declined"


class ProposalFilterSet(ScopedFilterSet):
    """Vendors by what the rules propose for them."""

    search = SearchFilter(
        fields=("organization__code", "organization__name"),
        beside=("organization__aliases__name", "organization__identifiers__value"),
    )
    proposed = django_filters.ChoiceFilter(label=_("Proposed"), choices=Vendor.Segment.choices, empty_label=_("Any"))
    decision = django_filters.ChoiceFilter(
        label=_("Decision"),
        choices=((OPEN, _("Still to decide")), (DECLINED, _("Proposal declined"))),
        empty_label=_("Any"),
        method="filter_decision",
    )

    class Meta:
        model = Vendor
        fields = ["search", "kind", "segment", "proposed", "decision"]

    def filter_decision(self, rows: Any, name: str, value: str) -> Any:
        """Vendors that wait for a decision, or whose present proposal was declined."""
        return undecided(rows) if value == OPEN else rows.exclude(declined_segment="")
