"""Reading tables as people send them: CSV of any usual encoding, separator and line end, or XLSX (its first sheet)."""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from kernel.uploads.reading import FileRefusedError

LARGEST = 100_000_000
LARGEST_UNPACKED = 500_000_000
SEPARATORS = ",;\t|"
Rows = Iterator[tuple[int, list[str]]]


class TableError(FileRefusedError):
    """The file as a whole is no table; its text says why, in words for its sender."""


def read_table(file: BinaryIO) -> Rows:
    """The rows that are not blank, each with its number in the file, the header first. Raises TableError."""
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TableError(_("The file is larger than 100 MB. Send it in parts."))
    rows = _sheet_rows(content) if content.startswith(b"PK\x03\x04") else _text_rows(content)
    return ((number, row) for number, row in rows if any(row))


def _text_rows(content: bytes) -> Rows:
    # A newline of None reads all line ends alike: LF, CR LF, and CR alone, as old spreadsheet programs write it.
    text = io.StringIO(_decoded(content), newline=None)
    separator = max(SEPARATORS, key=text.readline().count)
    text.seek(0)
    reader = csv.reader(text, delimiter=separator)
    try:
        for row in reader:
            yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        raise TableError(_("Line %(line)s: %(error)s") % {"line": reader.line_num, "error": error}) from None


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _sheet_rows(content: bytes) -> Rows:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > LARGEST_UNPACKED:
                raise TableError(_("The workbook is larger than 500 MB when unpacked. Send it in parts."))
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for number, row in enumerate(workbook.worksheets[0].iter_rows(values_only=True), start=1):
            yield number, [_cell(value) for value in row]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, SyntaxError) as error:
        raise TableError(_("This workbook cannot be read: %(error)s") % {"error": error}) from None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
