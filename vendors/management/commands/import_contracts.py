"""`manage.py import_contracts FILE...`: contracts from tables, CSV or XLSX, by a mapping of their columns."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

import pghistory
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console

from brm_portal.uploads.tables import TableError
from vendors.ocds.loading import Report
from vendors.ocds.printing import print_report
from vendors.tabular.loading import import_tables
from vendors.tabular.reading import FIELDS, NEEDED


class Command(BaseCommand):
    """Import contracts, their revisions as amendments."""

    help = (
        f"Import contracts from CSV or XLSX files. Fields: {', '.join(FIELDS)}; needed are {' and '.join(NEEDED)}. "
        "Rows of one number are one contract: the first revision is what was agreed, later ones are its amendments, "
        "and an amount is by how much the value changes. Give all files of a source at once, the oldest first: "
        "together they say all that is known of a contract. Importing again changes only what differs."
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
        parser.add_argument("--agency", default="", help="whose contracts are of which no row names the agency")
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it, write nothing")
        parser.add_argument("--refused", type=Path, metavar="FILE", help="where to write all refused rows as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        console = Console(file=cast(IO[str], self.stdout), highlight=False, quiet=quiet, soft_wrap=True)
        if not 0 < len(options["source"]) <= 60:
            raise CommandError(_("--source has 1 to 60 signs."))
        report = _import(options, _mapping(options["map"]))
        print_report(console, report, title=_("Contracts"), dry_run=options["dry_run"])


def _mapping(pairs: list[str]) -> dict[str, list[str]]:
    mapping: dict[str, list[str]] = {}
    for pair in pairs:
        field, _sign, header = pair.partition("=")
        if field not in FIELDS or not header:
            asked = {"pair": pair, "fields": ", ".join(FIELDS)}
            raise CommandError(_("--map %(pair)s: write FIELD=HEADER, with one of the fields %(fields)s.") % asked)
        mapping.setdefault(field, []).append(header)
    if missing := [field for field in NEEDED if field not in mapping]:
        raise CommandError(_("--map does not say which column is the %(fields)s.") % {"fields": ", ".join(missing)})
    return mapping


def _import(options: dict[str, Any], mapping: dict[str, list[str]]) -> Report:
    try:
        with ExitStack() as stack:
            refused = options["refused"] and stack.enter_context(
                options["refused"].open("w", encoding="utf-8-sig", newline="")
            )
            stack.enter_context(pghistory.context(command="import_contracts"))
            return import_tables(
                files=[(str(path), partial(path.open, "rb")) for path in options["paths"]],
                source=options["source"],
                mapping=mapping,
                agency=options["agency"],
                writes=not options["dry_run"],
                refused_to=refused,
            )
    except TableError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from None
