"""Files of measurements that people send through a page: kept, tried out, and taken by jobs."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from kernel.accounts.models import User
from kernel.jobs.operations import start_job
from kernel.jobs.working import JobError, range_task
from kernel.uploads.parts import pieces, store, stored
from metrics.imports.importing import Report, import_measurements
from metrics.imports.reading import FileRefusedError
from metrics.models import Import, ImportPart, Measurement


@transaction.atomic
def start_import(*, file_name: str, chunks: Iterable[bytes], columns: Mapping[str, str], by: User) -> Import:
    """Keep a file and have it tried out; nothing is written until `run_import`."""
    if not Measurement.objects.all().creatable_by(by):
        raise PermissionDenied
    row = Import.objects.create(file_name=file_name[-255:], columns=dict(columns), started_by=by)
    store(row, ImportPart.Kind.SENT, chunks)
    return _begin(row, by)


@transaction.atomic
def run_import(*, measurement_import: Import, mode: str, by: User) -> Import:
    """Take a file that was tried out: all of its rows, or the good ones."""
    row = lock_import(measurement_import, by)
    if mode not in (Import.Mode.ALL, Import.Mode.PARTIAL):
        raise ValidationError(_("Choose whether all rows are taken or the good ones only."))
    if not row.is_ready():
        raise ValidationError(_("This file was taken already, or has not been tried out yet."))
    row.mode, row.report = mode, {}
    return _begin(row, by)


def lock_import(measurement_import: Import, by: User) -> Import:
    """Hold an import as it is stored until the transaction ends. Raises PermissionDenied where it is not `by`'s."""
    rows = Import.objects.editable_by(by).select_for_update(of=("self",))
    row: Import | None = rows.filter(pk=measurement_import.pk).first()
    if row is None:
        raise PermissionDenied
    return row


def _begin(row: Import, by: User) -> Import:
    verb = _("Try out %(file)s") if row.mode == Import.Mode.DRY_RUN else _("Import %(file)s")
    row.job = start_job(
        task=do_import,
        title=(verb % {"file": row.file_name})[:300],
        params={"import": row.pk, "mode": row.mode},
        ranges=[row.pk],
        by=by,
        result_url=row.get_absolute_url(),
    )
    row.save(update_fields=["mode", "report", "job"])
    return row


@range_task("metrics.import_measurements")
def do_import(params: dict[str, Any], payload: Any) -> dict[str, int]:
    """Read a kept file once: to try it out, or to take it. It acts by the rule of whoever sent it."""
    row = Import.objects.select_related("started_by").select_for_update(of=("self",)).get(pk=payload)
    with tempfile.TemporaryFile("w+", encoding="utf-8-sig", newline="") as refused, tempfile.TemporaryFile() as sent:
        # Not read from the database on the way: its connection is busy with the COPY.
        sent.writelines(stored(row, ImportPart.Kind.SENT))
        sent.seek(0)
        try:
            report = import_measurements(
                file=sent,
                by=row.started_by,
                mode=params["mode"],
                columns=row.columns,
                refused_to=refused,
                owner=row,
            )
        except FileRefusedError as error:
            raise JobError(str(error)) from None
        refused.flush()
        refused.seek(0)
        store(row, ImportPart.Kind.REFUSED, pieces(refused.buffer))
    _write_down(row, report)
    return report.figures()


def _write_down(row: Import, report: Report) -> None:
    row.report = {
        **report.figures(),
        "written": report.written,
        "columns": report.columns,
        "ignored": report.ignored,
        "first_refused": [
            {"line": each.line, "code": each.code, "cells": [cell[:200] for cell in each.cells]}
            for each in report.first_refused[:20]
        ],
    }
    if report.written:
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            (row.merged_at,) = cursor.fetchone()
        ImportPart.objects.filter(owner=row, kind=ImportPart.Kind.SENT).delete()
    row.save(update_fields=["report", "merged_at"])


def refused_rows(measurement_import: Import) -> Iterator[bytes]:
    """All refused rows as CSV, in pieces."""
    return stored(measurement_import, ImportPart.Kind.REFUSED)
