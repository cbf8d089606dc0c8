"""Reports of imports, for whoever ran the command."""

from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from vendors.imports.contracts.reporting import Report

REASONS_SHOWN = 20


def print_report(console: Console, report: Report, *, title: str, dry_run: bool) -> None:
    """Print the counts, the most frequent reasons of refusing, and whether anything was written."""
    console.print(_summary(report, title))
    if report.reasons:
        console.print(_reasons(report))
    if dry_run:
        console.print(_("Tried out only: nothing was written."))
    elif report.changed_nothing():
        console.print(_("Nothing changed: everything that could be taken was there already."))


def _summary(report: Report, title: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(_("What"))
    for heading in (_("created"), _("replaced"), _("left unchanged"), _("refused")):
        table.add_column(heading, justify="right")
    for kind, counts, refused in report.by_kind():
        figures = (counts.created, counts.replaced, counts.unchanged, refused)
        table.add_row(str(kind.label), *(f"{figure:,}" for figure in figures))
    return table


def _reasons(report: Report) -> Table:
    table = Table(title=_("Refused"), title_justify="left")
    for heading in (_("How many"), _("What"), _("Reason")):
        table.add_column(heading, justify="right" if heading == _("How many") else "left")
    for (kind, reason), count in report.reasons.most_common(REASONS_SHOWN):
        table.add_row(f"{count:,}", str(kind.label), reason)
    return table
