"""What tells whose rows an answer speaks of: every row says something that nothing else says."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pgtrigger

from tests.conftest import JANUARY, Cast, World, make_contract, make_service_level
from tests.resources import BY_NAME, VISITORS, Rows
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Service

SPENDING = (Decimal("7654321.09"), Decimal("7654321.08"))


@dataclass(frozen=True)
class Mark:
    """A text that stands in the answers to `readers` alone."""

    text: str
    readers: frozenset[str]


def mark_rows(rows: Rows) -> list[Mark]:
    """Mark a row of each resource on both sides; who may read it and by what stands in its entry."""
    marks = []
    for entry in BY_NAME.values():
        for number, letters in enumerate((entry.reads.ours, entry.reads.theirs)):
            readers = frozenset(visitor for visitor, sign in zip(VISITORS, letters, strict=True) if sign == "o")
            values = {name: both[number] for name, both in entry.marks.items()}
            write(rows[number][entry.model], **values)
            marks += [Mark(str(value), readers) for value in values.values()]
    return [*marks, *mark_spending(rows)]


def mark_spending(rows: Rows) -> list[Mark]:
    """Mark what a service costs, which fewer may read than the service."""
    office = {"cio", "manager", "auditor"}
    for side, amount in zip(rows, SPENDING, strict=True):
        write(side[Service], yearly_spending=amount)
    return [
        Mark(str(SPENDING[0]), frozenset(office | {"vendor_member"})),
        Mark(str(SPENDING[1]), frozenset(office)),
    ]


def mark_shared(world: World, cast: Cast) -> list[Mark]:
    """Have Acme serve Parks too, scored together with what it does for Health, which may not read of it."""
    contract = make_contract("number-of-both", world.acme, world.parks)
    level = make_service_level("C-9-queues", contract, dimension="outcomes")
    write(level.series, code="series-of-both")  # its indicator, which everybody may read, keeps the first code
    lines = {world.service_level: 80, level: 60}
    make_scorecard(world.acme, world.methodology, JANUARY, by=cast.cio, lines=lines)
    parties = {"cio", "manager", "auditor", "vendor_member"}
    return [
        Mark("number-of-both", frozenset(parties)),
        Mark("series-of-both", frozenset(parties | {"msi_member"})),
    ]


def write(row: Any, **values: Any) -> None:
    """Put values into a row, published or not."""
    for name, value in values.items():
        setattr(row, name, value)
    if values:
        with pgtrigger.ignore():
            type(row)._default_manager.filter(pk=row.pk).update(**values)
