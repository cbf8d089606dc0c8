"""Importing files: releases are kept, and the contracts of all processes they speak of are brought up to date."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, TextIO

from django.db import connection, transaction
from django.utils.translation import gettext as _
from ocdsmerge.exceptions import OCDSMergeError

from kernel.upsert import Counts
from vendors.imports.contracts.reporting import IMPORT_LOCK, File, Report, Run
from vendors.imports.contracts.rows import ContractRow, Kind, Place, Refused
from vendors.imports.contracts.writing import write_contracts
from vendors.imports.ocds.checking import misshapen
from vendors.imports.ocds.mapping import map_process
from vendors.imports.ocds.merging import merge
from vendors.imports.ocds.reading import read_file
from vendors.models import ContractRelease

PROCESSES_AT_ONCE = 200

CREATE = """
    DROP TABLE IF EXISTS ocds_read;
    CREATE TEMP TABLE ocds_read (
        number bigint GENERATED ALWAYS AS IDENTITY, file text, position int,
        ocid text COLLATE "C", release_id text, date text COLLATE "C", is_compiled boolean, content jsonb
    ) ON COMMIT DROP
"""
COPY = "COPY ocds_read (file, position, ocid, release_id, date, is_compiled, content) FROM STDIN"
# Of several editions of one release the newest counts, of equally old ones the last; none replaces a newer one.
KEEP = """
    CREATE INDEX ON ocds_read (ocid, release_id, date, number);
    ANALYZE ocds_read;
    WITH newest AS MATERIALIZED (
        SELECT DISTINCT ON (ocid, release_id) * FROM ocds_read
        ORDER BY ocid DESC, release_id DESC, date DESC, number DESC
    ), changed AS MATERIALIZED (
        SELECT newest.*, present.id IS NULL AS is_new
        FROM newest LEFT JOIN vendors_contractrelease AS present USING (ocid, release_id)
        WHERE present.id IS NULL OR (
            newest.date >= present.date
            AND ROW(newest.date, newest.is_compiled, newest.content)
                IS DISTINCT FROM ROW(present.date, present.is_compiled, present.content)
        )
    ), written AS (
        INSERT INTO vendors_contractrelease (ocid, release_id, date, is_compiled, content)
        SELECT ocid, release_id, date, is_compiled, content FROM changed
        ON CONFLICT (ocid, release_id) DO UPDATE
        SET date = EXCLUDED.date, is_compiled = EXCLUDED.is_compiled, content = EXCLUDED.content
    )
    SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new), (SELECT count(*) FROM newest)
    FROM changed
"""
NEXT_PROCESSES = """
    SELECT DISTINCT ON (ocid) ocid, file, position FROM ocds_read WHERE ocid > %s ORDER BY ocid, number DESC LIMIT %s
"""


@transaction.atomic
def import_contracts(
    *,
    files: Iterable[File],
    writes: bool = True,
    step: Callable[[str], None] = lambda _label: None,
    refused_to: TextIO | None = None,
) -> Report:
    """Import the contracts of OCDS files; a file is its name and what opens it.

    Idempotent: what is there already is left untouched, what a later release says replaces what earlier ones did.
    Without `writes` it is only tried out. `step` hears of every file before it is read; all refused pieces are
    written to `refused_to` as CSV.
    """
    run = Run(refused_to)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
        cursor.execute(CREATE)
        with cursor.copy(COPY) as copy:
            for name, opened in files:
                step(name)
                for row in _releases(run, name, opened):
                    copy.write_row(row)
    step(_("Contracts"))
    run.report.counts[Kind.RELEASE] = _keep_releases()
    for processes in _processes():
        _take_processes(run, processes)
    if not writes:
        transaction.set_rollback(True)
    return run.report


def _releases(run: Run, name: str, opened: Callable[[], BinaryIO]) -> Iterator[tuple[Any, ...]]:
    """The releases of a file as rows to be kept."""
    run.report.files += 1
    with opened() as file:
        for each in read_file(name, file):
            if isinstance(each, Refused):
                run.refuse(each)
            elif reason := misshapen(each.content):
                run.refuse(Refused(Kind.RELEASE, each.place, each.ocid, reason))
            else:
                place, content = each.place, json.dumps(each.content)
                yield (place.file, place.position, each.ocid, each.release_id, each.date, each.is_compiled, content)


def _keep_releases() -> Counts:
    with connection.cursor() as cursor:
        for statement in KEEP.split(";"):
            cursor.execute(statement)
        created, replaced, all_of_them = cursor.fetchone()
    return Counts(created, replaced, all_of_them - created - replaced)


def _processes() -> Iterator[list[tuple[Place, str, list[ContractRelease]]]]:
    """The processes that files spoke of, a portion at a time, each with all releases that are known of it."""
    last = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(NEXT_PROCESSES, [last, PROCESSES_AT_ONCE])
            places = {ocid: Place(file, position) for ocid, file, position in cursor.fetchall()}
        if not places:
            return
        releases: dict[str, list[ContractRelease]] = {ocid: [] for ocid in places}
        for row in ContractRelease.objects.filter(ocid__in=list(places)).order_by():
            releases[row.ocid].append(row)
        yield [(place, ocid, releases[ocid]) for ocid, place in places.items()]
        last = max(places)


def _take_processes(run: Run, processes: list[tuple[Place, str, list[ContractRelease]]]) -> None:
    contracts: dict[tuple[str, str], ContractRow] = {}
    for place, ocid, releases in processes:
        try:
            process = map_process(place, ocid, merge(releases))
        except OCDSMergeError as error:
            reason = _("Its releases cannot be merged: %(error)s") % {"error": error}
            run.refuse(Refused(Kind.PROCESS, place, ocid, reason))
            continue
        for refused in process.refused:
            run.refuse(refused)
        contracts |= {(row.ocid, row.key): row for row in process.contracts}
    if not contracts:
        return
    written = write_contracts(list(contracts.values()))
    run.report.add(written.counts)
    for refused in written.refused:
        run.refuse(refused)
