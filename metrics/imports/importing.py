"""One engine for measurements from a file, whoever sends it: the command and the upload page."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, TextIO, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kernel.accounts.models import User
from kernel.exports import safe_cell
from kernel.uploads.reading import FileRefusedError
from metrics.imports import sql
from metrics.imports.reading import COLUMNS, CsvMeasurements
from metrics.imports.reasons import Reason
from metrics.models import Import, Series

REFUSED_SHOWN = 100
# Sorting and hashing in memory; compiling a plan would outlast most of these statements.
SET_BASED = "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off;"


Mode = Import.Mode


@dataclass(frozen=True)
class Refusal:
    """A row that is not taken, and why."""

    line: int
    code: str
    cells: list[str]

    @property
    def reason(self) -> str:
        """Why, in words."""
        return str(Reason(self.code).label)

    @property
    def sent(self) -> str:
        """What was sent, without cells that hold nothing."""
        return ", ".join(filter(None, self.cells))


@dataclass(frozen=True)
class Report:
    """What came of an import, or would come of it."""

    rows: int
    created: int
    replaced: int
    unchanged: int
    refused: int
    written: bool
    columns: dict[str, str]
    ignored: list[str]
    first_refused: list[Refusal]

    def figures(self) -> dict[str, int]:
        """The counts alone."""
        return {name: count for name, count in asdict(self).items() if type(count) is int}


@transaction.atomic
def import_measurements(
    *,
    file: BinaryIO,
    by: User | None,
    mode: str,
    columns: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
    refused_to: TextIO | None = None,
    owner: Import | None = None,
) -> Report:
    """Read measurements from a CSV file and merge those that `by` may write; without `by`, the portal itself acts.

    Sent again, a measurement replaces its earlier value, which stays in the history; what was excluded stays
    excluded. `progress` is told the bytes read; all refused rows are written to `refused_to`. What was done to which
    measurement is noted for `owner`, so that it can be undone.
    Raises FileRefusedError where the file cannot be read at all.
    """
    source = CsvMeasurements(file, columns)
    try:
        with connection.cursor() as cursor:
            _stage(cursor, source, progress)
            _judge(cursor, by)
            return _finish(cursor, source, mode, refused_to, owner)
    finally:
        source.close()


def _stage(cursor: Any, source: CsvMeasurements, progress: Callable[[int], None] | None) -> None:
    cursor.execute(SET_BASED)
    cursor.execute(sql.CREATE)
    with cursor.copy(sql.COPY) as copy:
        for chunk in source.chunks(progress):
            copy.write(chunk)


def _judge(cursor: Any, by: User | None) -> None:
    everything = cast(QuerySet[Series], Series.objects.order_by())
    visible = everything if by is None else everything.visible_to(by)  # type: ignore[attr-defined]  # a ScopedQuerySet
    editable = everything if by is None else everything.measurable_by(by)  # type: ignore[attr-defined]  # as above
    (mine, mine_with), (seen, seen_with) = key_query(editable), key_query(visible)
    cursor.execute(sql.SERIES.format(editable=mine, visible=seen), (*mine_with, *seen_with))
    cursor.execute(sql.JUDGE)
    cursor.execute(sql.TWICE)


def key_query(rows: QuerySet[Series]) -> tuple[str, tuple[Any, ...]]:
    """SQL, with its parameters, that selects the keys of `rows`."""
    try:
        statement, parameters = rows.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 0 WHERE false", ()
    return statement, parameters


def _finish(cursor: Any, source: CsvMeasurements, mode: str, refused_to: TextIO | None, owner: Import | None) -> Report:
    cursor.execute(sql.TALLY)
    rows, refused, repeated = cursor.fetchone()
    if rows == 0:
        raise FileRefusedError(_("The file has no rows below its header."))
    writes = mode == Mode.PARTIAL or (mode == Mode.ALL and not refused)
    parameters = {"has_comment": "comment" in source.columns, "owner": owner and owner.pk}
    cursor.execute(sql.MERGE if writes else sql.FORESEE, parameters)
    created, replaced = cursor.fetchone()
    report = Report(
        rows=rows,
        created=created,
        replaced=replaced,
        unchanged=rows - refused - created - replaced,
        refused=refused,
        written=writes,
        columns=source.columns,
        ignored=source.ignored(),
        first_refused=_first_refused(cursor),
    )
    if refused and refused_to is not None:
        write_refused(_refusals(cursor), refused_to)
    return report


def _first_refused(cursor: Any) -> list[Refusal]:
    cursor.execute(f"{sql.REFUSED} LIMIT {REFUSED_SHOWN}")
    return [_refusal(row) for row in cursor.fetchall()]


def _refusals(cursor: Any) -> Iterator[Refusal]:
    """All of them, a portion at a time: millions may be."""
    cursor.execute(f"DECLARE import_refusals NO SCROLL CURSOR FOR {sql.REFUSED}")
    while True:
        cursor.execute("FETCH 5000 FROM import_refusals")
        rows = cursor.fetchall()
        if not rows:
            break
        yield from map(_refusal, rows)
    cursor.execute("CLOSE import_refusals")


def _refusal(row: tuple[Any, ...]) -> Refusal:
    line, reason, raw, *cells = row
    kept = json.loads(raw) if raw is not None else ["" if cell is None else str(cell) for cell in cells]
    return Refusal(line, reason, kept)


def write_refused(refusals: Iterator[Refusal], file: TextIO) -> None:
    """Refused rows as CSV: line, reason, and what was sent."""
    writer = csv.writer(file)
    writer.writerow(["line", "code", "reason", *COLUMNS])
    for each in refusals:
        writer.writerow([each.line, each.code, each.reason, *map(safe_cell, each.cells)])
