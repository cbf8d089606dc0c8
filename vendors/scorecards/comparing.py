"""Lines of two scorecards compared: what moved between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from vendors.models import Scorecard, ScorecardLine, ServiceLevel


@dataclass(frozen=True)
class LineChange:
    """One service level that moved between two revisions or periods; a side is none where it was no line."""

    service_level: ServiceLevel
    old: ScorecardLine | None
    new: ScorecardLine | None

    @property
    def attainment_change(self) -> Decimal | None:
        """How much the attainment moved, where both sides have one."""
        return _difference(self.old.attainment if self.old else None, self.new.attainment if self.new else None)

    @property
    def contribution_change(self) -> Decimal:
        """How much the line moved the score; no contribution counts as zero."""
        old = self.old.contribution if self.old else None
        new = self.new.contribution if self.new else None
        return (new or Decimal(0)) - (old or Decimal(0))


def _difference(old: Decimal | None, new: Decimal | None) -> Decimal | None:
    return None if old is None or new is None else new - old


def line_changes(lines: Iterable[ScorecardLine], new: Scorecard, old: Scorecard) -> list[LineChange]:
    """Of the lines of two scorecards, return the service levels whose line differs, what moved the score most first."""
    sides: dict[int, dict[int, ScorecardLine]] = {}
    for line in lines:
        sides.setdefault(line.service_level_id, {})[line.scorecard_id] = line
    changes = [
        LineChange(next(iter(both.values())).service_level, both.get(old.pk), both.get(new.pk))
        for both in sides.values()
        if _facts(both.get(old.pk)) != _facts(both.get(new.pk))
    ]
    return sorted(changes, key=lambda each: (-abs(each.contribution_change), each.service_level.code))


def _facts(line: ScorecardLine | None) -> Iterable[object] | None:
    """What makes a line its own; its contribution follows from other lines too."""
    if line is None:
        return None
    return (line.dimension, line.weight, line.criticality, line.value, line.attainment, line.coverage, line.segments)
