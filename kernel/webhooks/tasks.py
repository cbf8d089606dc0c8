"""What workers and the clock do for webhooks."""

from celery import shared_task

from kernel.webhooks.delivering import deliver, forget_deliveries
from kernel.webhooks.models import Delivery
from kernel.webhooks.recording import DELIVER_DUE

MOST_AT_ONCE = 1000
LONGEST_ATTEMPT = 45  # seconds; a server that answers drop by drop is not waited for any longer


@shared_task(name="webhooks.deliver", time_limit=LONGEST_ATTEMPT)
def deliver_one(delivery_id: str) -> None:
    """Make the next attempt on one message."""
    deliver(delivery_id)


@shared_task(name=DELIVER_DUE)
def deliver_due() -> None:
    """Hand every message whose next attempt is due to a worker."""
    for key in Delivery.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)[:MOST_AT_ONCE]:
        deliver_one.delay(str(key))


@shared_task(name="webhooks.forget")
def forget() -> None:
    """Forget old messages."""
    forget_deliveries()
