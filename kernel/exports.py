"""Lists as CSV and XLSX files."""

from collections.abc import Iterable
from typing import Any

import tablib
from django.http import HttpResponse
from django.utils import timezone

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def export(rows: Iterable[list[Any]], *, export_format: str, name: str) -> HttpResponse:
    """A file of `rows`, the first being the header; `export_format` is csv or xlsx, anything else a KeyError."""
    content_type = CONTENT_TYPES[export_format]
    header, *body = rows
    data = tablib.Dataset(headers=header, title=name[:31])
    for row in body:
        data.append([safe_cell(cell) for cell in row])
    content = data.export(export_format)
    # Spreadsheet programs read a CSV file as UTF-8 only where it says so.
    payload = content.encode("utf-8-sig") if isinstance(content, str) else content
    response = HttpResponse(payload, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate()}.{export_format}"'
    return response
