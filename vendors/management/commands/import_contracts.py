"""`manage.py import_contracts FILE...`: contracts or payments from CSV or XLSX tables, by a mapping of columns."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

import pghistory
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console

from kernel.uploads.tables import TableError
from vendors.imports.contracts.printing import print_report
from vendors.imports.contracts.reporting import Report
from vendors.imports.tables.fields import SHAPES, Holds, Shape
from vendors.imports.tables.loading import import_tables
from vendors.imports.tables.reading import Manner


def _names(holds: str) -> str:
    return ", ".join(each.name for each in SHAPES[holds].fields)


class Command(BaseCommand):
    """Import contracts, their revisions as amendments, or what was paid under them."""

    help = (
        f"Import contracts from CSV or XLSX files. Fields: {_names(Holds.CONTRACT_TABLE)}; with --payments: "
        f"{_names(Holds.PAYMENT_TABLE)}. Rows of one number are one contract: the first revision is what was agreed, "
        "later ones are its amendments, and an amount is by how much the value changes. What an agency paid under a "
        "contract in a year is one payment. Of what two files say the later one counts. Importing again changes only "
        "what differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--source", required=True, help="who keeps the files; also the register of vendors' ids")
        parser.add_argument(
            "--map",
            action="append",
            required=True,
            metavar="FIELD=HEADER",
            help="which column a field is read from; once more with another header where it was called differently",
        )
        parser.add_argument("--payments", action="store_true", help="the files hold payments, not contracts")
        parser.add_argument("--agency", default="", help="whose contracts are of which no row names the agency")
        parser.add_argument(
            "--totals", action="store_true", help="an amount is what a contract is worth as of that revision"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it, write nothing")
        parser.add_argument("--refused", type=Path, metavar="FILE", help="where to write all refused rows as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        console = Console(file=cast(IO[str], self.stdout), highlight=False, quiet=quiet, soft_wrap=True)
        if not 0 < len(options["source"]) <= 60:
            raise CommandError(_("--source has 1 to 60 signs."))
        holds = Holds.PAYMENT_TABLE if options["payments"] else Holds.CONTRACT_TABLE
        manner = Manner(
            holds=holds,
            source=options["source"],
            columns=_mapping(options["map"], SHAPES[holds]),
            agency=options["agency"],
            totals=options["totals"],
        )
        print_report(console, _import(options, manner), title=str(holds.label), dry_run=options["dry_run"])


def _mapping(pairs: list[str], shape: Shape) -> dict[str, list[str]]:
    mapping: dict[str, list[str]] = {}
    for pair in pairs:
        name, _sign, header = pair.partition("=")
        if shape.field(name) is None or not header:
            asked = {"pair": pair, "fields": ", ".join(each.name for each in shape.fields)}
            raise CommandError(_("--map %(pair)s: write FIELD=HEADER, with one of the fields %(fields)s.") % asked)
        mapping.setdefault(name, []).append(header)
    if lacking := shape.lacking(mapping):
        raise CommandError(_("--map does not say which column is the %(fields)s.") % {"fields": ", ".join(lacking)})
    return mapping


def _import(options: dict[str, Any], manner: Manner) -> Report:
    try:
        with ExitStack() as stack:
            refused = options["refused"] and stack.enter_context(
                options["refused"].open("w", encoding="utf-8-sig", newline="")
            )
            stack.enter_context(pghistory.context(command="import_contracts"))
            return import_tables(
                files=[(str(path), partial(path.open, "rb")) for path in options["paths"]],
                manner=manner,
                writes=not options["dry_run"],
                refused_to=refused,
            )
    except TableError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from None
