"""What the clock does for the API."""

from celery import shared_task

from kernel.rest.repeats import forget_answers


@shared_task(name="rest.forget_answers")
def forget() -> None:
    """Forget old answers to requests with an Idempotency-Key."""
    forget_answers()
