"""Files of contracts and catalogues that people send through a page, as a job reads them."""

from typing import Any, BinaryIO, TextIO

from kernel.uploads.reading import Result, upload_task
from kernel.upsert import Counts
from vendors.imports.catalogue.loading import import_catalogue
from vendors.imports.contracts.reporting import Report
from vendors.imports.contracts.rows import Kind
from vendors.imports.ocds.loading import import_contracts
from vendors.imports.tables.loading import import_tables
from vendors.imports.tables.mappings import manner_of, remember
from vendors.models import ContractImport

REFUSED_SHOWN = 40
KIND_ORDER = {kind: place for place, kind in enumerate(Kind)}
# What the figures of a job count.
MAIN_KINDS: dict[str, Kind] = {
    ContractImport.Holds.CATALOGUE: Kind.SERVICE,
    ContractImport.Holds.PAYMENT_TABLE: Kind.PAYMENT,
}


@upload_task("vendors.import_contracts", ContractImport)
def do_import(row: ContractImport, sent: BinaryIO, *, mode: str, refused_to: TextIO) -> Result:
    """Read a kept file once: to try it out, or to take it."""
    writes = mode != ContractImport.Mode.DRY_RUN
    report = _import(row, sent, writes=writes, refused_to=refused_to)
    return Result(_figures(row, report), _told(report), written=writes)


def _import(row: ContractImport, sent: BinaryIO, **options: Any) -> Report:
    if row.holds == ContractImport.Holds.CATALOGUE:
        return import_catalogue(name=row.file_name, opened=lambda: sent, **options)
    if row.is_table:
        return _import_table(row, sent, **options)
    return import_contracts(files=[(row.file_name, lambda: sent)], **options)


def _import_table(row: ContractImport, sent: BinaryIO, *, writes: bool, **options: Any) -> Report:
    manner = manner_of(row)
    report = import_tables(
        files=[(row.file_name, lambda: sent)], manner=manner, contract_import=row, writes=writes, **options
    )
    if writes:
        remember(manner)
    return report


def _figures(row: ContractImport, report: Report) -> dict[str, int]:
    counts = report.counts.get(MAIN_KINDS.get(row.holds, Kind.CONTRACT), Counts())
    return {
        "created": counts.created,
        "replaced": counts.replaced,
        "unchanged": counts.unchanged,
        "refused": sum(report.refused.values()),
    }


def _told(report: Report) -> dict[str, Any]:
    return {
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
