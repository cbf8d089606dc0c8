"""Files of measurements that people send through a page, as a job reads them."""

from typing import Any, BinaryIO, TextIO

from kernel.uploads.reading import Result, upload_task
from metrics.imports.importing import Report, import_measurements
from metrics.models import Import


@upload_task("metrics.import_measurements", Import)
def do_import(row: Import, sent: BinaryIO, *, mode: str, refused_to: TextIO) -> Result:
    """Read a kept file once: to try it out, or to take it. It acts by the rule of whoever sent it."""
    report = import_measurements(
        file=sent, by=row.started_by, mode=mode, columns=row.columns, refused_to=refused_to, owner=row
    )
    return Result(report.figures(), _told(report), written=report.written)


def _told(report: Report) -> dict[str, Any]:
    return {
        "written": report.written,
        "columns": report.columns,
        "ignored": report.ignored,
        "first_refused": [
            {"line": each.line, "code": each.code, "cells": [cell[:200] for cell in each.cells]}
            for each in report.first_refused[:20]
        ],
    }
