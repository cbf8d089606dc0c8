"""What the clock does for measuring."""

from celery import shared_task

from metrics.operations import fold_due, refresh_outcome_readings


@shared_task(name="metrics.keep_folded")
def keep_folded() -> None:
    """Fold the months that are due, and read the outcomes that rest on them again."""
    fold_due()
    refresh_outcome_readings()
