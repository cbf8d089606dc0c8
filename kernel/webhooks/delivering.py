"""Delivering what the outbox holds: at least once, later each time it fails, until it is given up."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.directory.whom import the_office
from kernel.notices.operations import notify
from kernel.webhooks.models import Attempt, Delivery, Endpoint
from kernel.webhooks.sending import send

# After each failure the next attempt waits so long; after the last one the message is given up, three days on.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
# An attempt is over by then, or whoever made it is gone.
ATTEMPT_LASTS = timedelta(minutes=2)
KEPT_FOR = timedelta(days=90)


def deliver(delivery_id: str) -> None:
    """Make the next attempt on one message, if it is due and nobody else is at it."""
    delivery = claim(delivery_id)
    if delivery is None:
        return
    endpoint = delivery.endpoint
    answer = send(url=endpoint.url, message_id=str(delivery.pk), body=delivery.body, secrets=endpoint.signing_secrets())
    attempt = Attempt(
        delivery=delivery,
        started_at=answer.started_at,
        milliseconds=answer.milliseconds,
        status=answer.status,
        error=answer.error,
        answer=answer.text,
    )
    write_down(delivery, attempt)


def claim(delivery_id: str) -> Delivery | None:
    """Put the next attempt off, which is what keeps others from making it now; None where it is not due."""
    due = Delivery.objects.due().filter(pk=delivery_id)
    # Asked again of the row itself: whoever waited for its lock must see that another has put it off.
    claimed = Delivery.objects.filter(pk__in=due.values("pk"), next_attempt_at__lte=Now()).update(
        next_attempt_at=Now() + ATTEMPT_LASTS, tries=F("tries") + 1
    )
    return Delivery.objects.select_related("endpoint").get(pk=delivery_id) if claimed else None


@transaction.atomic
def write_down(delivery: Delivery, attempt: Attempt) -> None:
    """Keep what came of an attempt, and decide when the next one is."""
    endpoint = Endpoint.objects.select_for_update().get(pk=delivery.endpoint_id)
    attempt.save()
    if attempt.succeeded:
        delivery.state = Delivery.State.DELIVERED
        delivery.save(update_fields=["state"])
        Endpoint.objects.filter(pk=endpoint.pk).update(failures=0, counted_at=None, delivered_at=timezone.now())
        return
    if delivery.tries > len(PAUSES):
        delivery.state = Delivery.State.GIVEN_UP
    else:
        delivery.next_attempt_at = timezone.now() + PAUSES[delivery.tries - 1]
    delivery.save(update_fields=["state", "next_attempt_at"])
    count_failure(endpoint, attempt)


def count_failure(endpoint: Endpoint, attempt: Attempt) -> None:
    """Count a failure, once in an hour; after ten in a row the endpoint is switched off and people are told."""
    now = timezone.now()
    if endpoint.counted_at is not None and now - endpoint.counted_at < Endpoint.COUNTED_EVERY:
        return
    endpoint.failures, endpoint.counted_at = endpoint.failures + 1, now
    endpoint.save(update_fields=["failures", "counted_at"])
    if endpoint.failures < Endpoint.FAILURES_ALLOWED or endpoint.disabled_at is not None:
        return
    endpoint.disabled_at = now
    endpoint.disabled_reason = _("%(count)d failures in a row; the last: %(error)s") % {
        "count": endpoint.failures,
        "error": (attempt.error or _("it answered %(status)s") % {"status": attempt.status})[:400],
    }
    endpoint.save(update_fields=["disabled_at", "disabled_reason"])
    notify(
        people=the_office(),
        text=_("The webhook “%(name)s” was switched off: %(reason)s")
        % {"name": endpoint.name, "reason": endpoint.disabled_reason},
        url=endpoint.get_absolute_url(),
    )


def forget_deliveries() -> int:
    """Forget messages that arrived or were given up long ago; return how many."""
    old = Delivery.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).exclude(state=Delivery.State.WAITING)
    _total, by_model = old.delete()
    return by_model.get("webhooks.Delivery", 0)
