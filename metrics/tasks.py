"""Tasks of measuring that the clock and workers start."""

from celery import shared_task

from metrics.imports.undoing import do_undo
from metrics.imports.uploading import do_import
from metrics.measurements.folding import fold_due
from metrics.outcomes.reading import refresh_outcome_readings

# Workers find tasks here.
__all__ = ["do_import", "do_undo", "keep_folded"]


@shared_task(name="metrics.keep_folded")
def keep_folded() -> None:
    """Fold the months that are due, and read the outcomes that rest on them again."""
    fold_due()
    refresh_outcome_readings()
