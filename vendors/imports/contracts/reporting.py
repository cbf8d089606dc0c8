"""Reports of imports: what one did, or would do."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, TextIO

from kernel.exports import safe_cell
from kernel.upsert import Counts
from vendors.imports.contracts.rows import Kind, Refused

# One import at a time; a key of PostgreSQL's advisory locks.
IMPORT_LOCK = 0x6F636473
# Of each kind: many open figures must not hide a refused contract.
REFUSED_SHOWN = 20
REASONS_COUNTED = 1000

File = tuple[str, Callable[[], BinaryIO]]


@dataclass
class Report:
    """What an import did, or would do: counts by kind, and what was refused."""

    files: int = 0
    counts: dict[Kind, Counts] = field(default_factory=lambda: defaultdict(Counts))
    refused: Counter[Kind] = field(default_factory=Counter)
    reasons: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    first_refused: list[Refused] = field(default_factory=list)

    def changed_nothing(self) -> bool:
        """Whether everything stood in the database already."""
        return not any(counts.created or counts.replaced for counts in self.counts.values())

    def add(self, counts: dict[Kind, Counts]) -> None:
        """Count what was written."""
        for kind, more in counts.items():
            self.counts[kind] += more

    def by_kind(self) -> list[tuple[Kind, Counts, int]]:
        """Each kind that occurs, with what became of it."""
        return [
            (kind, self.counts.get(kind, Counts()), self.refused[kind])
            for kind in Kind
            if kind in self.counts or self.refused[kind]
        ]


class Run:
    """One import: its report, and where refused pieces are written."""

    def __init__(self, refused_to: TextIO | None) -> None:
        self.report = Report()
        self.writer = csv.writer(refused_to) if refused_to is not None else None

    def refuse(self, refused: Refused) -> None:
        report = self.report
        report.refused[refused.kind] += 1
        if report.refused[refused.kind] <= REFUSED_SHOWN:
            report.first_refused.append(refused)
        reason = (refused.kind, refused.reason)
        if reason in report.reasons or len(report.reasons) < REASONS_COUNTED:
            report.reasons[reason] += 1
        if self.writer is not None:
            if sum(report.refused.values()) == 1:
                self.writer.writerow(["file", "position", "kind", "key", "reason"])
            place, kind = refused.place, refused.kind
            cells = (place.file, place.position, kind.value, refused.key, refused.reason)
            self.writer.writerow([safe_cell(cell) for cell in cells])
