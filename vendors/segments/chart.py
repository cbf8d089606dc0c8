"""Kraljic's chart: every vendor as a dot, by spending and criticality, in four fields."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kernel.figures import money_text
from vendors.models import StateRules
from vendors.segments.proposing import QUADRANTS, Quadrant

# In the units of the drawing.
WIDTH, HEIGHT, MARGIN = 640, 400, 14
# Above and below lie the words of the fields, which no dot may hide behind.
WORDS = 76
DOTS = 300
# Spending spreads over magnitudes: the scale reaches from a hundredth of the rule to a hundred times it.
MAGNITUDES = 2
GOLDEN = 0.618033988749895


@dataclass(frozen=True)
class Dot:
    """One vendor, where it lies and how it is told."""

    x: float
    y: float
    tone: str
    text: str


@dataclass
class Field:
    """One of the four fields, filled."""

    quadrant: Quadrant
    vendors: int = 0
    spending: Decimal = Decimal(0)


def dots(vendors: Iterable[Any], rules: StateRules, currency: str) -> list[Dot]:
    """The vendors that a rule can judge; those of equal criticality are spread within its column."""
    return [
        Dot(
            x=_x(vendor.criticality, rules.criticality_from, (number * GOLDEN) % 1),
            y=_y(float(vendor.spending), float(rules.spending_from)),
            tone=vendor.segment,
            text=f"{vendor.organization__name}: {money_text(vendor.spending, currency)}, {vendor.criticality}",
        )
        for number, vendor in enumerate(vendors)
    ]


def _x(criticality: int, edge: int, spread: float) -> float:
    """Left of the middle below the edge, right of it from the edge on; `spread` is 0 to 1 within the column."""
    columns = edge - 1 if criticality < edge else 6 - edge
    column = criticality - 1 if criticality < edge else criticality - edge
    half = WIDTH / 2 - 2 * MARGIN
    start = MARGIN if criticality < edge else WIDTH / 2 + MARGIN
    return round(start + half * (column + 0.1 + 0.8 * spread) / columns, 1)


def _y(spending: float, edge: float) -> float:
    """Above the middle from the edge on, by magnitude."""
    if not edge:
        return WORDS
    magnitude = math.log10(max(spending, 1e-9) / edge) / MAGNITUDES
    half = HEIGHT / 2 - WORDS
    inside = min(max(magnitude, -1), 1)
    return round(HEIGHT / 2 - math.copysign(max(abs(inside) * half, 4), magnitude if magnitude else 1), 1)


def fields(vendors: Iterable[Any]) -> list[Field]:
    """The four fields with how many vendors lie in each and what they cost."""
    found = {quadrant.segment: Field(quadrant) for quadrant in QUADRANTS}
    for vendor in vendors:
        field = found[vendor.proposed]
        field.vendors += 1
        field.spending += vendor.spending
    return list(found.values())
