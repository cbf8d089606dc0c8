"""Tables seen from their first rows: what columns hold, what is wrong in them, what they may mean."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel.uploads.tables import TableError, read_table
from vendors.imports.tables.fields import AMOUNT, DATE, TEXT, Field, Shape
from vendors.imports.tables.reading import UNREADABLE, RowError, amount, day

ROWS_LOOKED_AT = 500
ROWS_SHOWN = 8
# Of the cells that are not empty so many must be dates or amounts, for a column to be one of these.
MOST = 0.8
EMPTY = "empty"
Read = Callable[[str], object]
KINDS: dict[str, str | Promise] = {
    TEXT: gettext_lazy("Text"),
    DATE: gettext_lazy("Dates"),
    AMOUNT: gettext_lazy("Numbers"),
    EMPTY: gettext_lazy("Empty"),
}
FORMS = (
    (re.compile(r"\d{4}-"), "2024-12-31"),
    (re.compile(r"\d+/"), "12/31/2024"),
    (re.compile(r"\d{8}$"), "20241231"),
)


@dataclass(frozen=True)
class Column:
    """One column: its header, what its cells are, and what is wrong with some."""

    header: str
    kind: str
    problems: list[str]

    @property
    def kind_label(self) -> str:
        """What its cells are, in words."""
        return str(KINDS[self.kind])


@dataclass(frozen=True)
class Glance:
    """The first rows of a table, and its columns."""

    columns: list[Column]
    rows: list[list[str]]
    looked_at: int

    @property
    def headers(self) -> list[str]:
        """Those that name a single column: by any other none can be chosen."""
        counted = Counter(each.header for each in self.columns)
        return [header for header, count in counted.items() if count == 1 and header]


def glance(file: BinaryIO) -> Glance:
    """Look at the first rows of a table. Raises TableError."""
    rows = read_table(file)
    _line, header = next(rows, (0, []))
    if not header:
        raise TableError(_("The file is empty."))
    body = [row for _number, row in islice(rows, ROWS_LOOKED_AT)]
    if not body:
        raise TableError(_("The file has a header and no rows."))
    columns = [_column(name, [row[at] if at < len(row) else "" for row in body]) for at, name in enumerate(header)]
    shown = [[*row[: len(header)], *[""] * (len(header) - len(row))] for row in body[:ROWS_SHOWN]]
    return Glance(columns, shown, len(body))


def _column(header: str, cells: list[str]) -> Column:
    filled = [cell for cell in cells if cell]
    kind = _kind(filled)
    return Column(header, kind, list(_problems(kind, cells, filled)))


def _kind(filled: list[str]) -> str:
    if not filled:
        return EMPTY
    kinds: tuple[tuple[str, Read], ...] = ((DATE, day), (AMOUNT, amount))
    for kind, read in kinds:
        # Numbers like 20240131 and years alone are rather numbers.
        if kind == DATE and not any(re.search(r"[-/]", cell) for cell in filled):
            continue
        if sum(_reads(read, cell) for cell in filled) >= MOST * len(filled):
            return kind
    return TEXT


def _reads(read: Read, cell: str) -> bool:
    try:
        read(cell)
    except RowError:
        return False
    return True


def _problems(kind: str, cells: list[str], filled: list[str]) -> Iterator[str]:
    if empty := len(cells) - len(filled):
        yield _("%(n)d of %(count)d cells are empty.") % {"n": empty, "count": len(cells)}
    if any(sign in cell for cell in filled for sign in UNREADABLE):
        yield _("Some signs cannot be read.")
    if kind in (DATE, AMOUNT):
        read: Read = day if kind == DATE else amount
        if wrong := [cell for cell in filled if not _reads(read, cell)]:
            yield _not_of(kind, len(wrong)) % {"n": len(wrong), "cell": wrong[0][:40]}
    if kind == DATE:
        forms = [form for pattern, form in FORMS if any(pattern.match(cell) for cell in filled)]
        if len(forms) > 1:
            yield _("Dates are written in several forms: %(forms)s.") % {"forms": ", ".join(forms)}


def _not_of(kind: str, count: int) -> str:
    if kind == DATE:
        return ngettext("“%(cell)s” is no date.", "%(n)d cells are no dates, such as “%(cell)s”.", count)
    return ngettext("“%(cell)s” is no number.", "%(n)d cells are no numbers, such as “%(cell)s”.", count)


def guess(seen: Glance, shape: Shape, known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Which column each field may be read from: as it was before, else by what the header says and its cells are."""
    headers = seen.headers
    free = [column for column in seen.columns if column.header in headers]
    chosen: dict[str, str] = {}
    for field in shape.fields:
        found = next((header for header in known.get(field.name, ()) if header in headers), None)
        if found is not None:
            chosen[field.name] = found
    for wanted in (_says_it, _says_more):
        for field in shape.fields:
            column = next((each for each in _ranked(free, field, wanted) if each.header not in chosen.values()), None)
            if field.name not in chosen and column is not None:
                chosen[field.name] = column.header
    return chosen


def _ranked(columns: list[Column], field: Field, wanted: Callable[[str, str], bool]) -> list[Column]:
    """The columns that may be a field, by the order of its names."""
    fitting = [each for each in columns if field.kind == TEXT or each.kind in (field.kind, EMPTY)]
    return [each for name in field.called for each in fitting if wanted(_plain(each.header), name)]


def _says_it(header: str, name: str) -> bool:
    return header == name


def _says_more(header: str, name: str) -> bool:
    # A contract's number, not the amount of a contract: words of one letter or single words say too little.
    return " " in name and f" {name} " in f" {header} "


def _plain(header: str) -> str:
    """A header without what ways to write it differ in: Purchase Order (Contract) Number, start_dt."""
    return " ".join(re.findall(r"[a-z0-9]+", header.lower()))
