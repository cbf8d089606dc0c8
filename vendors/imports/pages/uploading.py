"""Files of contracts and catalogues that people send through a page: kept, tried out, and taken by jobs."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.accounts.models import User
from kernel.jobs.operations import start_job
from kernel.jobs.working import JobError, range_task
from kernel.uploads.parts import pieces, store, stored
from kernel.uploads.tables import TableError
from kernel.upsert import Counts
from vendors.imports.catalogue.loading import import_catalogue
from vendors.imports.contracts.reporting import Report
from vendors.imports.contracts.rows import Kind
from vendors.imports.ocds.loading import import_contracts
from vendors.imports.tables.loading import import_tables
from vendors.imports.tables.mappings import manner_of, remember
from vendors.models import ContractImport, ContractImportPart

REFUSED_SHOWN = 40
KIND_ORDER = {kind: place for place, kind in enumerate(Kind)}
# What the figures of a job count.
MAIN_KINDS: dict[str, Kind] = {
    ContractImport.Holds.CATALOGUE: Kind.SERVICE,
    ContractImport.Holds.PAYMENT_TABLE: Kind.PAYMENT,
}


@transaction.atomic
def start_import(
    *, file_name: str, chunks: Iterable[bytes], by: User, holds: str = ContractImport.Holds.CONTRACTS
) -> ContractImport:
    """Keep a file and have it tried out; nothing is written until `run_import`."""
    return begin(keep_file(file_name=file_name, chunks=chunks, by=by, holds=holds), by)


def keep_file(
    *, file_name: str, chunks: Iterable[bytes], by: User, holds: str, settings: dict[str, Any] | None = None
) -> ContractImport:
    """Keep a file; nothing is done with it yet."""
    if not ContractImport.objects.all().creatable_by(by):
        raise PermissionDenied
    row = ContractImport.objects.create(file_name=file_name[-255:], started_by=by, holds=holds, settings=settings or {})
    store(row, ContractImportPart.Kind.SENT, chunks)
    return row


@transaction.atomic
def run_import(*, contract_import: ContractImport, by: User) -> ContractImport:
    """Take what can be taken of a file that was tried out."""
    rows = ContractImport.objects.editable_by(by).select_for_update(of=("self",))
    row: ContractImport | None = rows.filter(pk=contract_import.pk).first()
    if row is None:
        raise PermissionDenied
    if not row.is_ready():
        raise ValidationError(_("This file was taken already, or has not been tried out yet."))
    row.mode, row.report = ContractImport.Mode.PARTIAL, {}
    return begin(row, by)


def begin(row: ContractImport, by: User) -> ContractImport:
    """Have a kept file tried out, or taken, as its mode says."""
    verb = _("Try out %(file)s") if row.mode == ContractImport.Mode.DRY_RUN else _("Import %(file)s")
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


@range_task("vendors.import_contracts")
def do_import(params: dict[str, Any], payload: Any) -> dict[str, int]:
    """Read a kept file once: to try it out, or to take it."""
    row = ContractImport.objects.select_for_update(of=("self",)).get(pk=payload)
    writes = params["mode"] != ContractImport.Mode.DRY_RUN
    with tempfile.TemporaryFile("w+", encoding="utf-8-sig", newline="") as refused, opened(row) as sent:
        report = _import(row, sent, writes=writes, refused_to=refused)
        refused.flush()
        refused.seek(0)
        store(row, ContractImportPart.Kind.REFUSED, pieces(refused.buffer))
    return _write_down(row, report, writes)


@contextmanager
def opened(row: ContractImport) -> Iterator[BinaryIO]:
    """A kept file as a whole, not read from the database on the way: a COPY keeps the connection busy."""
    with tempfile.TemporaryFile() as sent:
        sent.writelines(stored(row, ContractImportPart.Kind.SENT))
        sent.seek(0)
        yield cast(BinaryIO, sent)


def _import(row: ContractImport, sent: BinaryIO, **options: Any) -> Report:
    if row.holds == ContractImport.Holds.CATALOGUE:
        return import_catalogue(name=row.file_name, opened=lambda: sent, **options)
    if row.is_table:
        return _import_table(row, sent, **options)
    return import_contracts(files=[(row.file_name, lambda: sent)], **options)


def _import_table(row: ContractImport, sent: BinaryIO, *, writes: bool, **options: Any) -> Report:
    manner = manner_of(row)
    try:
        report = import_tables(
            files=[(row.file_name, lambda: sent)], manner=manner, contract_import=row, writes=writes, **options
        )
    except TableError as error:
        raise JobError(str(error)) from error
    if writes:
        remember(manner)
    return report


def _write_down(row: ContractImport, report: Report, writes: bool) -> dict[str, int]:
    main = MAIN_KINDS.get(row.holds, Kind.CONTRACT)
    counts = report.counts.get(main, Counts())
    figures = {
        "created": counts.created,
        "replaced": counts.replaced,
        "unchanged": counts.unchanged,
        "refused": sum(report.refused.values()),
    }
    row.report = {
        **figures,
        "changes": not report.changed_nothing(),
        "kinds": [
            {"kind": kind.value, "figures": [each.created, each.replaced, each.unchanged, refused]}
            for kind, each, refused in report.by_kind()
        ],
        "first_refused": [
            {"kind": each.kind.value, "position": each.place.position, "key": each.key[:200], "reason": each.reason}
            for each in sorted(report.first_refused, key=lambda refused: KIND_ORDER[refused.kind])[:REFUSED_SHOWN]
        ],
    }
    if writes:
        row.merged_at = timezone.now()
        row.parts.filter(kind=ContractImportPart.Kind.SENT).delete()
    row.save(update_fields=["report", "merged_at"])
    return figures


def refused_pieces(contract_import: ContractImport) -> Iterator[bytes]:
    """All that was refused as CSV, in pieces."""
    return stored(contract_import, ContractImportPart.Kind.REFUSED)
