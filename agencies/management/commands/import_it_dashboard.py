"""`manage.py import_it_dashboard DIR`: a department's export of the federal IT Dashboard."""

import csv
import os
from collections import Counter
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from agencies.it_dashboard.loading import WRITERS, Report, import_folder
from agencies.it_dashboard.reading import BrokenExportError
from agencies.it_dashboard.rows import Refused
from kernel.exports import safe_cell


class Command(BaseCommand):
    """Import agencies, internal providers, services, agreements, service levels, targets and results."""

    help = "Import the CSV files of an IT Dashboard export. Importing again changes only what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder with the export's CSV files")
        parser.add_argument(
            "--refused",
            type=Path,
            metavar="FILE",
            help="where to write the refused rows as CSV (default: a new file in var/)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        console = Console(file=cast(IO[str], self.stdout), highlight=False, quiet=quiet)
        refused = options["refused"] or _default_path()
        _confirm_writable(refused)
        try:
            report = _import_with_progress(options["folder"], console)
        except BrokenExportError as error:
            raise CommandError(_("%(error)s Nothing was imported.") % {"error": error}) from None
        except DatabaseError as error:
            message = _("The database refused the import: %(error)s Nothing was imported.")
            raise CommandError(message % {"error": error}) from error
        console.print(_summary(report))
        if report.refused:
            write_refused(report.refused, refused)
            console.print(_reasons(report.refused))
            said = _("All refused rows, with file, line and reason: %(path)s") % {"path": refused}
            console.print(said, soft_wrap=True)
        if report.changed_nothing():
            console.print(_("Everything was there already: nothing changed."))


def _confirm_writable(path: Path) -> None:
    """Complain before the import, not after it, where refused rows cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writable = os.access(path.parent, os.W_OK) and not path.is_dir()
    except OSError:
        writable = False
    if not writable:
        message = _("Refused rows cannot be written to %(path)s; choose another place with --refused FILE.")
        raise CommandError(message % {"path": path})


def _import_with_progress(folder: Path, console: Console) -> Report:
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*bar, console=console, transient=True) as progress:
        # One step for reading, one for each kind that is written.
        task = progress.add_task(_("Importing"), total=1 + len(WRITERS), completed=-1)

        def step(label: str) -> None:
            progress.update(task, description=label, advance=1)

        report = import_folder(folder, step=step)
        step(_("Done"))
    return report


def _summary(report: Report) -> Table:
    table = Table(title=_("Imported"), title_justify="left")
    table.add_column(_("What"))
    for heading in (_("created"), _("replaced"), _("left unchanged"), _("refused")):
        table.add_column(heading, justify="right")
    for kind, counts in report.counts.items():
        figures = (counts.created, counts.replaced, counts.unchanged, report.refused_of(kind))
        table.add_row(str(kind.label), *(f"{figure:,}" for figure in figures))
    return table


def _reasons(refused: list[Refused]) -> Table:
    table = Table(title=_("Refused"), title_justify="left")
    for heading in (_("rows"), _("file"), _("reason")):
        table.add_column(heading, justify="right" if heading == _("rows") else "left")
    for (file, reason), rows in Counter((row.place.file, row.reason) for row in refused).most_common(20):
        table.add_row(f"{rows:,}", file, reason)
    return table


def _default_path() -> Path:
    return settings.BASE_DIR / "var" / f"refused-{timezone.now():%Y%m%d-%H%M%S}.csv"


def write_refused(refused: list[Refused], path: Path) -> None:
    """Write every refused row to a CSV file: file, line, what it would have become, its key, and the reason."""
    # With a mark, for spreadsheet programs read a CSV file as UTF-8 only where it says so.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "line", "kind", "key", "reason"])
        writer.writerows(
            [safe_cell(row.place.file), row.place.line, row.kind.value, safe_cell(row.key), safe_cell(row.reason)]
            for row in refused
        )
