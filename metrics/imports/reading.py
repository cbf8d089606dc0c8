"""Reading rows of measurements from CSV: streamed, one line in memory at a time, judged by their shape."""

import csv
import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from io import TextIOWrapper
from operator import itemgetter
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.uploads.reading import FileRefusedError
from metrics.imports.reasons import Reason

COLUMNS = ("series", "observed_on", "value", "numerator", "denominator", "reference", "comment")
ALSO_CALLED = {"series_code": "series", "code": "series", "date": "observed_on"}
# A line, and what quotation marks hold together, stay in memory as a whole.
LONGEST_LINE = 1_000_000
ROWS_PER_CHUNK = 2_000

PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,21}(?:\.[0-9]{1,9})?").fullmatch
ANY_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?").fullmatch
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
TO_ESCAPE = re.compile(r"[\\\t\n\r\0]").search
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\N{REPLACEMENT CHARACTER}"})


class RowRefusedError(Exception):
    """One row cannot be taken; its argument is the reason."""


class CsvMeasurements:
    """Rows of one CSV file, as lines for COPY into the staging table."""

    def __init__(self, file: BinaryIO, columns: Mapping[str, str] | None = None) -> None:
        """Read the header. `columns` names the header of each of our columns where it differs."""
        self._text = TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._reader = csv.reader(self._lines(), strict=True)
        self._today = timezone.localdate()
        self._days: dict[str, str] = {}
        self.header = self._read_header()
        self.columns = match_columns(self.header, columns or {})
        positions = [self.header.index(self.columns[name]) if name in self.columns else -1 for name in COLUMNS]
        self._cells: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*positions)

    def close(self) -> None:
        """Leave the file to its owner."""
        self._text.detach()

    def ignored(self) -> list[str]:
        """Columns of the file that nothing is read from."""
        return [name for name in self.header if name not in self.columns.values()]

    def _lines(self) -> Iterator[str]:
        while line := self._text.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise FileRefusedError(_("A line is longer than a million characters. This is not a CSV file."))
            yield line

    def _read_header(self) -> list[str]:
        try:
            header = [cell.strip() for cell in next(self._reader)]
        except StopIteration:
            raise FileRefusedError(_("The file is empty.")) from None
        except csv.Error:
            raise FileRefusedError(_("Line 1: %(reason)s") % {"reason": Reason.UNREADABLE.label}) from None
        if not is_utf8("".join(header)):
            raise FileRefusedError(_("The file is not UTF-8. Save it as “CSV UTF-8” and send it again."))
        if "\0" in "".join(header):
            raise FileRefusedError(_("Line 1: %(reason)s") % {"reason": Reason.NUL.label})
        return header

    def chunks(self, progress: Callable[[int], None] | None = None) -> Iterator[bytes]:
        """Chunks for COPY; `progress` is told how many bytes of the file were read."""
        raw, lines = self._text.buffer, []
        for line in self._staged():
            lines.append(line)
            if len(lines) == ROWS_PER_CHUNK:
                yield "".join(lines).encode()
                lines.clear()
                if progress is not None:
                    progress(raw.tell())
        yield "".join(lines).encode()
        if progress is not None:
            progress(raw.tell())

    def _staged(self) -> Iterator[str]:
        reader, width, judge = self._reader, len(self.header), self._judge
        while True:
            number = reader.line_num + 1
            try:
                row = next(reader)
                if not row:
                    continue
                if len(row) != width:
                    raise RowRefusedError(Reason.RAGGED)
                row.append("")
                yield f"{number}\t{judge(self._cells(row))}\t\\N\t\\N\n"
            except StopIteration:
                return
            except csv.Error:
                yield refused(number, Reason.UNREADABLE, ())
            except RowRefusedError as error:
                cells = row[:7] if error.args[0] == Reason.RAGGED else self._cells(row)
                yield refused(number, error.args[0], cells)

    def _judge(self, cells: tuple[str, ...]) -> str:
        """The cells as COPY wants them. Raises RowRefusedError."""
        code, day, value, numerator, denominator, reference, comment = map(str.strip, cells)
        text = f"{code}\t{reference}\t{comment}"
        if not is_utf8(text):
            raise RowRefusedError(Reason.NOT_UTF8)
        if "\0" in "".join(cells):
            raise RowRefusedError(Reason.NUL)
        if bool(value) == bool(numerator or denominator) or bool(numerator) != bool(denominator):
            raise RowRefusedError(Reason.ONE_FORM)
        if len(reference) > 120:
            raise RowRefusedError(Reason.LONG_REFERENCE)
        if denominator and (denominator := figure(denominator)).startswith("-") and Decimal(denominator):
            raise RowRefusedError(Reason.NEGATIVE_DENOMINATOR)
        if TO_ESCAPE(code + reference + comment):
            code, reference, comment = (each.translate(ESCAPES) for each in (code, reference, comment))
        day = self._days.get(day) or self._day(day)
        if value:
            return f"{code}\t{day}\t{figure(value)}\t\\N\t\\N\t{reference}\t{comment}"
        return f"{code}\t{day}\t\\N\t{figure(numerator)}\t{denominator}\t{reference}\t{comment}"

    def _day(self, text: str) -> str:
        try:
            day = datetime.date.fromisoformat(text) if ISO_DAY(text) else None
        except ValueError:
            day = None
        if day is None:
            raise RowRefusedError(Reason.BAD_DATE)
        if day > self._today:
            raise RowRefusedError(Reason.FUTURE_DATE)
        if len(self._days) > 10_000:
            self._days.clear()
        self._days[text] = text
        return text


def match_columns(header: Sequence[str], named: Mapping[str, str]) -> dict[str, str]:
    """Which header each of our columns is read from. Raises FileRefusedError."""
    columns = {}
    for cell in header:
        ours = re.sub(r"[\s_-]+", "_", cell.lower())
        ours = ALSO_CALLED.get(ours, ours)
        if ours in COLUMNS and ours not in named and cell not in named.values():
            if ours in columns:
                raise FileRefusedError(_("Two columns could be “%(name)s”. Say which it is.") % {"name": ours})
            columns[ours] = cell
    for ours, cell in named.items():
        if ours not in COLUMNS:
            known = {"name": ours, "known": ", ".join(COLUMNS)}
            raise FileRefusedError(_("“%(name)s” is none of the columns %(known)s.") % known)
        if header.count(cell) != 1:
            raise FileRefusedError(_("The file does not have exactly one column “%(name)s”.") % {"name": cell})
        columns[ours] = cell
    if len(header) == 1 and (found := re.search(r"[;\t|]", header[0])):
        mark = {";": _("semicolons"), "\t": _("tabs"), "|": _("bars")}[found[0]]
        raise FileRefusedError(_("Cells are separated by %(mark)s. Separate them by commas.") % {"mark": mark})
    missing = [name for name in ("series", "observed_on") if name not in columns]
    if "value" not in columns and not {"numerator", "denominator"} <= columns.keys():
        missing.append("value")
    if missing:
        raise FileRefusedError(_("The file has no column %(names)s.") % {"names": ", ".join(missing)})
    return columns


def is_utf8(text: str) -> bool:
    """Whether all bytes that `text` was read from were UTF-8: others were kept as half surrogates."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def figure(text: str) -> str:
    """A number as PostgreSQL reads it without rounding. Raises RowRefusedError."""
    if PLAIN_NUMBER(text):
        return text
    if not ANY_NUMBER(text):
        raise RowRefusedError(Reason.BAD_NUMBER)
    number = Decimal(text)
    if number.adjusted() > 20 or number != round(number, 9):
        raise RowRefusedError(Reason.TOO_LONG_NUMBER)
    return f"{number:f}"


def refused(number: int, reason: str, cells: Sequence[str]) -> str:
    """A line for COPY that keeps a refused row as it was sent, as far as it can be kept."""
    kept = [cell.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}") for cell in cells]
    raw = json.dumps(kept).translate(ESCAPES)
    nothing = "\t\\N" * len(COLUMNS)
    return f"{number}{nothing}\t{reason}\t{raw}\n"
