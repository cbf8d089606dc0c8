"""Segments that the rules propose, in SQL: Kraljic's quadrant of a vendor, read as its ITIL supplier tier."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, F, FilteredRelation, Max, Q, Sum, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vendors.models import StateRules, Vendor
from vendors.querysets.contracts import contract_in_force
from vendors.querysets.vendors import VendorQuerySet

Segment = Vendor.Segment


@dataclass(frozen=True)
class Quadrant:
    """One of the four fields of spending × criticality (Kraljic 1983), and the tier it stands for (ITIL)."""

    segment: Segment
    name: Promise
    advice: Promise
    much_is_spent: bool
    is_critical: bool


# As they lie in the chart: much spending above, high criticality to the right.
QUADRANTS = (
    Quadrant(Segment.TACTICAL, _("Leverage"), _("Use the volume: compare offers, bundle."), True, False),
    Quadrant(Segment.STRATEGIC, _("Strategic"), _("Plan together, meet often, share goals."), True, True),
    Quadrant(Segment.COMMODITY, _("Non-critical"), _("Keep it simple, automate."), False, False),
    Quadrant(Segment.OPERATIONAL, _("Bottleneck"), _("Secure supply, look for alternatives."), False, True),
)
QUADRANT_OF = {quadrant.segment: quadrant for quadrant in QUADRANTS}


def judged(vendors: VendorQuerySet, rules: StateRules) -> Any:
    """Each vendor with `spending`, `criticality` and `proposed`, from its contracts in force: for who sees them all.

    Nothing is proposed for a vendor without such a contract: nothing speaks for either side.
    """
    own = Q(held__currency=settings.CURRENCY)
    much, critical = Q(spending__gte=rules.spending_from), Q(criticality__gte=rules.criticality_from)
    return vendors.annotate(held=FilteredRelation("contracts", condition=contract_in_force(at="contracts"))).annotate(
        spending=Sum("held__value", filter=own, default=Decimal(0)),
        criticality=Max("held__criticality"),
        proposed=Case(
            When(criticality=None, then=Value("")),
            When(much & critical, then=Value(Segment.STRATEGIC)),
            When(much, then=Value(Segment.TACTICAL)),
            When(critical, then=Value(Segment.OPERATIONAL)),
            default=Value(Segment.COMMODITY),
            output_field=CharField(),
        ),
    )


def undecided(judged_vendors: Any) -> Any:
    """Vendors whose segment is another than the proposed one, which nobody declined yet."""
    return judged_vendors.exclude(proposed__in=("", F("segment"), F("declined_segment")))


def is_undecided(vendor: Any) -> bool:
    """The same of one judged vendor."""
    return vendor.proposed not in ("", vendor.segment, vendor.declined_segment)
