"""What all measures share: statements, a settled database, seconds, and one row of the report."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

RUNS, WARMING_UP = 3, 3

Work = Callable[[], object]


@dataclass(frozen=True)
class Effort:
    """How often what starts programs or opens pages is measured, and for how long the server is under load."""

    imports: int
    samples: int
    load_seconds: int

    @classmethod
    def of(cls, scale: float) -> "Effort":
        """All of it for the whole state; a small one is measured for its course rather than for its times."""
        if scale < 0.1:
            return cls(imports=1, samples=6, load_seconds=3)
        return cls(imports=RUNS, samples=30, load_seconds=round(120 * min(scale, 1)))


@dataclass(frozen=True)
class Figure:
    """One row of the report: what something took, beside what, and how many times that it may take."""

    name: str
    took: float
    beside: str
    other: float
    unit: str = "s"
    most: float | None = None  # None: for information.
    or_more_by: float = 0  # So much more is let pass whatever the ratio.

    @property
    def ratio(self) -> float | None:
        """How many times the other's; none where there is nothing to divide by."""
        return self.took / self.other if self.other else None

    @property
    def keeps(self) -> bool:
        """Whether it stays within its bar."""
        if self.most is None or self.took <= self.most * self.other:
            return True
        return bool(self.or_more_by) and self.took <= self.other + self.or_more_by


def run(sql: str, *parameters: object) -> None:
    """Run one or several statements in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


def value_of(sql: str) -> object:
    """The one value that a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def settle() -> None:
    """Leave no dead rows and no stale statistics from the step before."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def spent() -> float:
    """Processor seconds that this session's server process has used: a busy machine does not shift them much."""
    pid = value_of("SELECT pg_backend_pid()")
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def in_turns(*works: tuple[Work, Work]) -> list[float]:
    """The median of what each work takes in the database, after its preparation; in turns, on the same machine."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(RUNS):
        for taken, (work, prepare) in zip(times, works, strict=True):
            prepare()
            before = spent()
            work()
            taken.append(spent() - before)
    return [statistics.median(taken) for taken in times]


def timed(work: Work, samples: int) -> list[float]:
    """Milliseconds that some work takes each time, once it is warm."""
    for _ in range(WARMING_UP):
        work()
    taken = []
    for _ in range(samples):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1_000)
    return taken
