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
    """How often what starts programs or opens pages is measured, and how long how many use the server at once."""

    imports: int
    samples: int
    load_seconds: int
    few: int
    many: int

    @classmethod
    def of(cls, scale: float) -> "Effort":
        """All of it for the whole state; a small one is measured for its course rather than for its times."""
        if scale < 0.1:
            return cls(imports=1, samples=RUNS, load_seconds=2, few=5, many=20)
        return cls(imports=RUNS, samples=30, load_seconds=round(120 * min(scale, 1)), few=20, many=200)


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
    """Leave no dead rows, no stale statistics and nothing to write from the step before."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    write_out()


def write_out() -> None:
    """Have all pages written that the step before left in memory, so that the next does not pay for them."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def processor_clock() -> Callable[[], float]:
    """A clock of the processor time of this process and of its database session: a busy machine hardly shifts it."""
    session = Path(f"/proc/{value_of('SELECT pg_backend_pid()')}/schedstat")
    return lambda: time.process_time() + int(session.read_text().split()[0]) / 1e9


def in_turns(*works: tuple[Work, Work]) -> list[float]:
    """Seconds that each work takes after its preparation, the median; in turns, so that all meet the same machine."""
    clock = processor_clock()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(RUNS):
        for taken, (work, prepare) in zip(times, works, strict=True):
            prepare()
            begun = clock()
            work()
            taken.append(clock() - begun)
    return [statistics.median(taken) for taken in times]


def timed(work: Work, samples: int) -> list[float]:
    """Milliseconds that some work takes each time, once it is warm."""
    for _ in range(min(samples, WARMING_UP)):
        work()
    clock, taken = processor_clock(), []
    for _ in range(samples):
        begun = clock()
        work()
        taken.append((clock() - begun) * 1_000)
    return taken
