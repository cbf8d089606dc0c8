"""Measurements as other systems send them: rows of JSON, read by the engine that reads files."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from kernel.accounts.models import User
from metrics.imports.importing import Mode, Report, import_measurements
from metrics.imports.reading import COLUMNS
from metrics.imports.reasons import Reason

LINE_ENDS = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class RefusedRow:
    """A row that is not taken: its place among those sent, from 0, and why."""

    index: int
    code: str

    @property
    def reason(self) -> str:
        """Why, in words."""
        return str(Reason(self.code).label)


def merge_sent(*, rows: Sequence[dict[str, Any]], by: User, is_partial: bool) -> tuple[Report, list[RefusedRow]]:
    """Merge rows that were sent, all or none of them unless `is_partial`, and return all that were refused.

    A comment that no row has keeps those that are there. Raises FileRefusedError.
    """
    columns = [name for name in COLUMNS if name != "comment" or any("comment" in row for row in rows)]
    lines, first_lines = [_line(columns)], {}
    number = 2
    for index, row in enumerate(rows):
        line = _line(["" if row.get(name) is None else str(row[name]) for name in columns])
        first_lines[number] = index
        number += len(LINE_ENDS.findall(line))
        lines.append(line)
    refused = StringIO()
    report = import_measurements(
        file=BytesIO("".join(lines).encode(errors="surrogatepass")),
        by=by,
        mode=Mode.PARTIAL if is_partial else Mode.ALL,
        refused_to=refused,
    )
    refused.seek(0)
    return report, [RefusedRow(first_lines[int(row["line"])], row["code"]) for row in csv.DictReader(refused)]


def _line(cells: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(cells)
    return line.getvalue()
