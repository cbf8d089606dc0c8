"""`manage.py import_ocds PATH...`: contracts from the Open Contracting Data Standard (OCDS)."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import pghistory
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from vendors.imports.contracts.printing import print_report
from vendors.imports.contracts.reporting import Report
from vendors.imports.ocds.loading import import_contracts

SUFFIXES = frozenset({".json", ".jsonl", ".ndjson", ".zip", ".gz"})


class Command(BaseCommand):
    """Import contracts, with their parties, amendments, milestones and payments."""

    help = (
        "Import contracts from OCDS 1.1 (and 1.0) files: releases, records and packages of both, as JSON, JSON lines, "
        "or zip or gzip of these. Importing again changes only what differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="files, or folders with such files in them"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it, write nothing")
        parser.add_argument("--refused", type=Path, metavar="FILE", help="where to write all refused pieces as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        console = Console(file=cast(IO[str], self.stdout), highlight=False, quiet=quiet, soft_wrap=True)
        report = _import(options, list(_files(options["paths"])), console)
        print_report(console, report, title=_("Contracts"), dry_run=options["dry_run"])


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file())
        if not inside:
            raise CommandError(_("%(path)s holds no file of JSON, JSON lines, zip or gzip.") % {"path": path})
        yield from inside


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _import(options: dict[str, Any], paths: list[Path], console: Console) -> Report:
    try:
        with ExitStack() as stack:
            refused = options["refused"] and stack.enter_context(
                # With a mark, for spreadsheet programs read a CSV file as UTF-8 only where it says so.
                options["refused"].open("w", encoding="utf-8-sig", newline="")
            )
            bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            progress = stack.enter_context(Progress(*bar, console=console, transient=True))
            # One step for each file, one for their contracts.
            task = progress.add_task(_("Reading"), total=len(paths) + 1, completed=-1)
            stack.enter_context(pghistory.context(command="import_ocds"))
            return import_contracts(
                files=[(str(path), partial(_open, path)) for path in paths],
                writes=not options["dry_run"],
                step=lambda label: progress.update(task, description=label, advance=1),
                refused_to=refused,
            )
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from None
