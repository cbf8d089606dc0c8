"""`manage.py import_catalogue FILE`: vendors, services and which agency uses what, from the FedRAMP Marketplace."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import pghistory
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console

from vendors.imports.catalogue.loading import import_catalogue
from vendors.imports.contracts.printing import print_report
from vendors.imports.contracts.reporting import Report


class Command(BaseCommand):
    """Import a catalogue of cloud services."""

    help = (
        "Import providers, services and agencies' subscriptions from the JSON file of the FedRAMP Marketplace. "
        "Importing again changes only what differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE", help="the marketplace's JSON file")
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it, write nothing")
        parser.add_argument("--refused", type=Path, metavar="CSV", help="where to write all refused pieces as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        console = Console(file=cast(IO[str], self.stdout), highlight=False, quiet=quiet, soft_wrap=True)
        report = _import(options)
        print_report(console, report, title=_("Catalogue"), dry_run=options["dry_run"])


def _import(options: dict[str, Any]) -> Report:
    path: Path = options["path"]
    try:
        with ExitStack() as stack:
            refused = options["refused"] and stack.enter_context(
                # With a mark, for spreadsheet programs read a CSV file as UTF-8 only where it says so.
                options["refused"].open("w", encoding="utf-8-sig", newline="")
            )
            stack.enter_context(pghistory.context(command="import_catalogue"))
            opened = partial(_open, path)
            return import_catalogue(name=path.name, opened=opened, writes=not options["dry_run"], refused_to=refused)
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from None


def _open(path: Path) -> BinaryIO:
    return path.open("rb")
