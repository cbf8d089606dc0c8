"""Importing tables: what rows say is kept, and the contracts they speak of are made anew of all that is kept.

So a later file updates what an earlier one said, sent one by one or together, and undoing a file is leaving its rows
out.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kernel.upsert import Counts
from vendors.imports.contracts.reporting import IMPORT_LOCK, File, Report, Run
from vendors.imports.contracts.rows import ContractRow, Kind, Place, Refused
from vendors.imports.contracts.writing import write_contracts
from vendors.imports.tables.making import Said, to_contract
from vendors.imports.tables.reading import Manner, RowError, read_cells
from vendors.models import ContractImport, KeptTableRow

CONTRACTS_AT_ONCE = 500

CREATE = """
    DROP TABLE IF EXISTS table_read;
    CREATE TEMP TABLE table_read (
        id bigint GENERATED ALWAYS AS IDENTITY, file text, position int, number text COLLATE "C", reference text,
        content jsonb
    ) ON COMMIT DROP
"""
COPY = "COPY table_read (file, position, number, reference, content) FROM STDIN"
# A file that names a revision twice does not say which of the two holds.
REPEATED = """
    SELECT file, position, number FROM (
        SELECT *, row_number() OVER (PARTITION BY file, number, reference ORDER BY id) AS occurrence FROM table_read
    ) AS numbered
    WHERE occurrence > 1 ORDER BY id
"""
# Of a revision the first row of a file, of a period the sum of what was paid; then the last file has its say.
SAID = {
    KeptTableRow.Kind.REVISION: """
        SELECT DISTINCT ON (file, number, reference) file, number, reference, content, id
        FROM table_read ORDER BY file, number, reference, id
    """,
    KeptTableRow.Kind.PAYMENT: """
        SELECT DISTINCT ON (file, number, reference) file, number, reference, id,
            jsonb_set(content, '{amount}', to_jsonb(
                (sum((content->>'amount')::numeric) OVER (PARTITION BY file, number, reference))::text
            )) AS content
        FROM table_read ORDER BY file, number, reference, id
    """,
}
KEEP = """
    WITH latest AS (
        SELECT DISTINCT ON (number, reference) number, reference, content
        FROM ({said}) AS said ORDER BY number, reference, id DESC
    ), compared AS MATERIALIZED (
        SELECT latest.*, known.content AS before
        FROM latest LEFT JOIN LATERAL (
            SELECT kept.content FROM vendors_kepttablerow AS kept
            WHERE kept.source = %(source)s AND kept.number = latest.number AND kept.kind = %(kind)s
                AND kept.reference = latest.reference
            ORDER BY kept.id DESC LIMIT 1
        ) AS known ON true
    ), written AS (
        INSERT INTO vendors_kepttablerow (contract_import_id, source, number, kind, reference, content)
        SELECT %(import)s, %(source)s, number, %(kind)s, reference, content
        FROM compared WHERE content IS DISTINCT FROM before
    )
    SELECT count(*) FILTER (WHERE before IS NULL),
        count(*) FILTER (WHERE before IS NOT NULL AND content IS DISTINCT FROM before),
        count(*) FILTER (WHERE content IS NOT DISTINCT FROM before)
    FROM compared
"""
NEXT_NUMBERS = """
    SELECT DISTINCT ON (number) number, file, position FROM table_read
    WHERE number > %s ORDER BY number, id LIMIT %s
"""


@transaction.atomic
def import_tables(
    *,
    files: Iterable[File],
    manner: Manner,
    contract_import: ContractImport | None = None,
    writes: bool = True,
    step: Callable[[str], None] = lambda _label: None,
    refused_to: TextIO | None = None,
) -> Report:
    """Import the contracts or payments of tables, in the order given: of what two files say the later one counts.

    Idempotent. Without `writes` it is only tried out. Raises TableError.
    """
    run = Run(refused_to)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
        cursor.execute(CREATE)
        with cursor.copy(COPY) as copy:
            for name, opened in files:
                step(name)
                for row in _rows(run, name, opened, manner):
                    copy.write_row(row)
        cursor.execute("ANALYZE table_read")
        if manner.shape.kind == KeptTableRow.Kind.REVISION:
            cursor.execute(REPEATED)
            for file, position, number in cursor.fetchall():
                reason = _("A row above names the same revision.")
                run.refuse(Refused(Kind.CONTRACT, Place(file, position), number, reason))
    step(_("Contracts"))
    run.report.counts[Kind.ROW] = _keep(manner, contract_import)
    for places in _numbers():
        take_contracts(run, places, manner.source, manner.agency)
    if not writes:
        transaction.set_rollback(True)
    return run.report


def _rows(run: Run, name: str, opened: Callable[[], Any], manner: Manner) -> Iterator[tuple[Any, ...]]:
    """The rows of a file to be staged; the others are refused."""
    run.report.files += 1
    with opened() as file:
        for each in read_cells(name, file, manner):
            if isinstance(each, Refused):
                run.refuse(each)
            else:
                yield name, each.place.position, each.number, each.reference, json.dumps(each.content)


def _keep(manner: Manner, contract_import: ContractImport | None) -> Counts:
    kind = manner.shape.kind
    key = None if contract_import is None else contract_import.pk
    facts = {"source": manner.source, "kind": kind, "import": key}
    with connection.cursor() as cursor:
        cursor.execute(KEEP.format(said=SAID[KeptTableRow.Kind(kind)]), facts)
        return Counts(*cursor.fetchone())


def _numbers() -> Iterator[dict[str, Place]]:
    """The contracts that the files speak of, a portion at a time, each with where it is first named."""
    last = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(NEXT_NUMBERS, [last, CONTRACTS_AT_ONCE])
            places = {number: Place(file, position) for number, file, position in cursor.fetchall()}
        if not places:
            return
        yield places
        last = max(places)


def take_contracts(run: Run, places: dict[str, Place], source: str, agency: str) -> list[ContractRow]:
    """Make contracts anew of all that is kept of them, and return them as they are written."""
    rows: list[ContractRow] = []
    for said in what_is_kept(places, source):
        place = places[said.number]
        try:
            row, refused = to_contract(said, place, source, agency)
        except RowError as error:
            run.refuse(Refused(Kind.CONTRACT, place, said.number, str(error)))
            continue
        rows.append(row)
        for each in refused:
            run.refuse(each)
    if not rows:
        return []
    written = write_contracts(rows, source=source, payers_too=True)
    run.report.add(written.counts)
    for each in written.refused:
        run.refuse(each)
    return rows


def what_is_kept(numbers: Iterable[str], source: str) -> list[Said]:
    """All that tables of a source say of contracts today: one query."""
    kept = KeptTableRow.objects.filter(source=source, number__in=list(numbers))
    latest = kept.order_by("number", "kind", "reference", "-pk").distinct("number", "kind", "reference")
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: {kind: {} for kind in KeptTableRow.Kind.values})
    for number, kind, reference, content in latest.values_list("number", "kind", "reference", "content"):
        found[number][kind][reference] = content
    kinds = KeptTableRow.Kind
    return [Said(number, said[kinds.REVISION], said[kinds.PAYMENT]) for number, said in sorted(found.items())]
