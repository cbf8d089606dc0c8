"""Writing the outbox: messages are recorded in the transaction of what they tell of."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from celery import current_app
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from kernel.access import ScopedQuerySet
from kernel.webhooks.models import Delivery, Endpoint

DELIVER_DUE = "webhooks.deliver_due"
PORTION = 2000

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Message:
    """What happened to one row: `key` tells it from everything else that happens to it."""

    key: str
    data: dict[str, Any]


def record_event(event: str, rows: ScopedQuerySet, describe: Callable[[Any], Iterable[Message]]) -> int:
    """Record one message for each of `rows`, to each endpoint that is told of `event` and may see the row.

    `describe` makes messages of the visible rows. What was recorded before, by its key, is not recorded again.
    Call it in the transaction of what it tells of. Returns how many messages were given.
    """
    count = 0
    for endpoint in Endpoint.objects.told_of(event).select_related("acts_for__owner"):
        messages = describe(rows.visible_to(endpoint.acts_for))
        deliveries = [delivery_of(endpoint, event, message) for message in messages]
        Delivery.objects.bulk_create(deliveries, batch_size=PORTION, ignore_conflicts=True)
        count += len(deliveries)
    if count:
        transaction.on_commit(wake)
    return count


def delivery_of(endpoint: Endpoint, event: str, message: Message) -> Delivery:
    """A message as it will be sent."""
    envelope = {"type": event, "timestamp": timezone.now(), "data": message.data}
    body = json.dumps(envelope, cls=DjangoJSONEncoder, ensure_ascii=False)
    return Delivery(endpoint=endpoint, event=event, key=message.key, body=body)


def wake() -> None:
    """Tell a worker at once that messages wait; without Redis the clock tells one later."""
    try:
        current_app.send_task(DELIVER_DUE, retry=False)
    except (BrokerError, OSError) as error:
        logger.warning("workers_not_woken", error=type(error).__name__)
