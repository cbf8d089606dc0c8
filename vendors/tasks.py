"""Tasks of supply that the clock starts."""

from celery import shared_task

from metrics.measurements.folding import fold_due
from vendors.contracts.reminding import remind_of_deadlines
from vendors.contracts.telling import tell_of_ending
from vendors.identity.suggesting import compare, request_comparison
from vendors.imports.pages.uploading import do_import
from vendors.imports.tables.undoing import do_undo
from vendors.models import Vendor
from vendors.scorecards.computing import periods_due, pull_series_changes, recompute_due
from vendors.scorecards.requesting import request_scorecards

# Workers find tasks here.
__all__ = [
    "compare",
    "do_import",
    "do_undo",
    "keep_scored",
    "look_for_duplicates",
    "remind",
    "tell_of_ending_contracts",
]


@shared_task(name="vendors.tell_of_ending")
def tell_of_ending_contracts() -> None:
    """Tell other systems which contracts end soon."""
    tell_of_ending()


@shared_task(name="vendors.remind")
def remind() -> None:
    """Remind people of contracts that end or must be cancelled soon."""
    remind_of_deadlines()


@shared_task(name="vendors.look_for_duplicates")
def look_for_duplicates() -> None:
    """Compare all vendors with each other."""
    request_comparison(None)


@shared_task(name="vendors.keep_scored")
def keep_scored() -> None:
    """Compute again what rests on changed figures, and ask for drafts of the periods that closed."""
    fold_due()
    pull_series_changes()
    while recompute_due():
        continue
    for period in periods_due():
        request_scorecards(
            period_start=period.period_start,
            months=period.months,
            methodology=period.methodology,
            vendors=Vendor.objects.all(),
            by=None,
        )
