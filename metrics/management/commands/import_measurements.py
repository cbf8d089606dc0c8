"""`manage.py import_measurements FILE.csv`: measurements at volume."""

from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, cast

import pghistory
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from kernel.uploads.reading import FileRefusedError
from metrics.imports.importing import Mode, Report, import_measurements
from metrics.imports.reading import COLUMNS


class Command(BaseCommand):
    """Import measurements from a CSV file, with the rights of the portal itself."""

    help = (
        f"Import measurements from a CSV file with the columns {', '.join(COLUMNS)}. Without --partial, one refused "
        "row refuses all. Importing again changes only what differs."
    )

    # They load the code of every page, and are for those who deploy.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the CSV file, in UTF-8")
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it, write nothing")
        parser.add_argument("--partial", action="store_true", help="take the good rows where others are refused")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=HEADER",
            help="the file's header for a column, where it differs, as in series='SLA code'; repeatable",
        )
        parser.add_argument("--refused", type=Path, metavar="FILE", help="where to write all refused rows as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(
            file=cast(IO[str], self.stdout), highlight=False, quiet=options["verbosity"] == 0, soft_wrap=True
        )
        mode = Mode.DRY_RUN if options["dry_run"] else Mode.PARTIAL if options["partial"] else Mode.ALL
        report = _import(options, mode, console)
        console.print(_summary(report))
        for each in report.first_refused[:20]:
            console.print(_("Line %(line)d: %(reason)s") % {"line": each.line, "reason": each.reason}, markup=False)
        if report.ignored:
            console.print(_("Columns not read: %(names)s") % {"names": ", ".join(report.ignored)}, markup=False)
        if mode == Mode.DRY_RUN:
            console.print(_("Tried out only: nothing was written."))
        elif not report.written:
            raise CommandError(_("%(count)d rows are refused: nothing was imported.") % {"count": report.refused})


def _import(options: dict[str, Any], mode: str, console: Console) -> Report:
    columns = dict(_pair(each) for each in options["map"])
    try:
        with ExitStack() as stack:
            file = stack.enter_context(options["file"].open("rb"))
            refused = options["refused"] and stack.enter_context(
                # With a mark, for spreadsheet programs read a CSV file as UTF-8 only where it says so.
                options["refused"].open("w", encoding="utf-8-sig", newline="")
            )
            bar = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
            progress = stack.enter_context(Progress(*bar, console=console, transient=True))
            task = progress.add_task(_("Reading"), total=options["file"].stat().st_size)
            stack.enter_context(pghistory.context(command="import_measurements"))
            return import_measurements(
                file=file,
                by=None,
                mode=mode,
                columns=columns,
                progress=lambda done: progress.update(task, completed=done),
                refused_to=refused,
            )
    except FileRefusedError as error:
        raise CommandError(_("%(error)s Nothing was imported.") % {"error": error}) from None
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from None


def _pair(text: str) -> tuple[str, str]:
    name, mark, header = text.partition("=")
    if not mark:
        raise CommandError(_("--map wants COLUMN=HEADER, not “%(text)s”.") % {"text": text})
    return name.strip(), header.strip()


def _summary(report: Report) -> Table:
    table = Table(title=_("Measurements"), title_justify="left")
    headings = (_("rows"), _("created"), _("replaced"), _("left unchanged"), _("refused"))
    for heading in headings:
        table.add_column(heading, justify="right")
    counts = (report.rows, report.created, report.replaced, report.unchanged, report.refused)
    table.add_row(*(f"{count:,}" for count in counts))
    return table
