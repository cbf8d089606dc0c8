"""What the clock does for jobs."""

from celery import shared_task

from kernel.jobs.operations import delete_old_jobs, requeue_ranges


@shared_task(name="jobs.requeue")
def requeue() -> None:
    """Give ranges of silent workers to others, and tell workers of forgotten ranges."""
    requeue_ranges()


@shared_task(name="jobs.delete_old")
def delete_old() -> None:
    """Forget the portal's own jobs that are long done."""
    delete_old_jobs()
