"""Importing tables of contracts: all files are read as one, then written a portion of contracts at a time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import TextIO

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from vendors.models import Contract
from vendors.ocds.loading import IMPORT_LOCK, File, Report, Run
from vendors.ocds.rows import ContractRow, Kind, Money, Refused
from vendors.ocds.writing import write_contracts
from vendors.tabular.reading import Revision, RowError, read_revisions, to_contract

CONTRACTS_AT_ONCE = 500


@transaction.atomic
def import_tables(
    *,
    files: Iterable[File],
    source: str,
    mapping: Mapping[str, list[str]],
    agency: str = "",
    writes: bool = True,
    step: Callable[[str], None] = lambda _label: None,
    refused_to: TextIO | None = None,
) -> Report:
    """Import the contracts of tables, read in the order given: of a revision that comes again the last counts.

    `source` names where they come from, and the register of its vendors' ids; `mapping` gives each field the headers
    it may have. The files together say all that is known of a contract, for its value is the sum of its revisions.
    Idempotent. Without `writes` it is only tried out. Raises TableError.
    """
    run = Run(refused_to)
    revisions: dict[str, dict[str, Revision]] = {}
    for name, opened in files:
        step(name)
        run.report.files += 1
        with opened() as file:
            for each in read_revisions(name, file, mapping, source):
                if isinstance(each, Refused):
                    run.refuse(each)
                    continue
                known = revisions.setdefault(each.number, {})
                if each.reference in known and known[each.reference].place.file == name:
                    reason = _("A row above names the same revision.")
                    run.refuse(Refused(Kind.CONTRACT, each.place, each.number, reason))
                    continue
                known[each.reference] = each
    step(_("Contracts"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    contracts = filter(None, (_contract(run, each, source, agency) for each in revisions.values()))
    while portion := list(islice(contracts, CONTRACTS_AT_ONCE)):
        written = write_contracts(_whole(run, portion, source), source=source)
        run.report.add(written.counts)
        for refused in written.refused:
            run.refuse(refused)
    if not writes:
        transaction.set_rollback(True)
    return run.report


def _whole(run: Run, rows: list[ContractRow], source: str) -> list[ContractRow]:
    """The contracts of which the files hold at least as many revisions as are known: one query.

    Of fewer, the sum of the amounts would be part of the value only.
    """
    known = Contract.objects.filter(source=source, source_key__in={row.key for row in rows}).order_by()
    amended = dict(known.annotate(count=Count("amendments")).values_list("source_key", "count"))
    whole = []
    for row in rows:
        missing = amended.get(row.key, 0) - len(row.amendments)
        if missing <= 0:
            whole.append(row)
            continue
        reason = _("These files lack %(n)d revisions that are known. Give all files of the source at once.")
        run.refuse(Refused(Kind.CONTRACT, row.place, row.key, reason % {"n": missing}))
    return whole


def _contract(run: Run, revisions: Mapping[str, Revision], source: str, agency: str) -> ContractRow | None:
    first = next(iter(revisions.values()))
    try:
        row = to_contract(revisions.values(), source, agency)
    except RowError as error:
        run.refuse(Refused(Kind.CONTRACT, first.place, first.number, str(error)))
        return None
    if isinstance(row.value, Money) and row.value.amount < 0:
        # Files that begin in the middle of a contract's life: what it was worth at first is not known.
        reason = _("Its amounts come to less than nothing, so its value is left open.")
        run.refuse(Refused(Kind.FIGURE, first.place, first.number, reason))
        return replace(row, value=None)
    return row
