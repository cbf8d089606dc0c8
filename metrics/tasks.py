"""What the clock and workers do for measuring."""

from celery import shared_task

from metrics.intake.undoing import do_undo
from metrics.intake.uploading import do_import
from metrics.operations import fold_due, refresh_outcome_readings

# Workers find tasks here.
__all__ = ["do_import", "do_undo", "keep_folded"]


@shared_task(name="metrics.keep_folded")
def keep_folded() -> None:
    """Fold the months that are due, and read the outcomes that rest on them again."""
    fold_due()
    refresh_outcome_readings()
