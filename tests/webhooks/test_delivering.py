"""Messages arrive signed, at least once; what fails is tried again later, and at last given up."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import F
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from kernel.notices.models import Notice
from kernel.webhooks import delivering
from kernel.webhooks.delivering import KEPT_FOR, PAUSES, deliver, forget_deliveries
from kernel.webhooks.models import Delivery, Endpoint
from kernel.webhooks.operations import redeliver, replace_secret, send_test, switch_off, switch_on
from kernel.webhooks.tasks import deliver_due
from tests.conftest import Cast
from tests.webhooks.receiver import Receiver
from tests.workers import wait_until, workers_ready


@pytest.fixture
def delivery(cast: Cast, endpoint: Endpoint) -> Delivery:
    """A test that waits to be sent."""
    return send_test(endpoint=endpoint, by=cast.cio)


def make_due(delivery: Delivery) -> None:
    """Let the pause be over."""
    Delivery.objects.filter(pk=delivery.pk).update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def attempt(delivery: Delivery) -> Delivery:
    """Let the pause be over, and make the next attempt."""
    make_due(delivery)
    deliver(str(delivery.pk))
    delivery.refresh_from_db()
    return delivery


def fail(endpoint: Endpoint, delivery: Delivery) -> Endpoint:
    """One more failure that counts: an hour after the last."""
    Endpoint.objects.filter(counted_at__isnull=False).update(counted_at=F("counted_at") - timedelta(hours=1))
    attempt(delivery)
    endpoint.refresh_from_db()
    return endpoint


def test_it_arrives_signed(secret_of_endpoint: tuple[Endpoint, str], delivery: Delivery, receiver: Receiver) -> None:
    _endpoint, secret = secret_of_endpoint
    assert attempt(delivery).state == Delivery.State.DELIVERED
    ((path, headers, body),) = receiver.arrived
    assert path == "/hook?from=portal"
    assert headers["webhook-id"] == str(delivery.pk)
    assert headers["content-type"] == "application/json"
    assert headers["host"] == receiver.url.split("/")[2]
    assert Webhook(secret).verify(body, headers) == json.loads(delivery.body)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace("test", "text"), headers)
    made = delivery.attempts.get()
    assert (made.status, made.error) == (204, "")
    assert made.succeeded


def test_after_a_new_secret_both_open_it_for_a_day(
    cast: Cast, secret_of_endpoint: tuple[Endpoint, str], delivery: Delivery, receiver: Receiver
) -> None:
    endpoint, old = secret_of_endpoint
    new = replace_secret(endpoint=endpoint, by=cast.cio)
    attempt(delivery)
    _path, headers, body = receiver.arrived[-1]
    Webhook(old).verify(body, headers)
    Webhook(new).verify(body, headers)
    Endpoint.objects.update(earlier_secret_until=timezone.now())
    redeliver(delivery=delivery, by=cast.cio)
    attempt(delivery)
    _path, headers, body = receiver.arrived[-1]
    Webhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_secrets_lie_encrypted(secret_of_endpoint: tuple[Endpoint, str]) -> None:
    endpoint, secret = secret_of_endpoint
    assert secret not in endpoint.secret
    assert endpoint.signing_secrets() == [secret]


@pytest.mark.parametrize("status", [301, 302, 400, 404, 410, 429, 500, 503])
def test_an_answer_that_is_no_yes_is_a_failure(delivery: Delivery, receiver: Receiver, status: int) -> None:
    receiver.status, receiver.answer, receiver.location = status, b"Not now.", receiver.url
    attempt(delivery)
    assert len(receiver.arrived) == 1, "Redirects are not followed."
    assert delivery.state == Delivery.State.WAITING
    made = delivery.attempts.get()
    assert (made.status, made.answer) == (status, "Not now.")
    assert bool(made.error) is (status < 400)


def test_each_pause_is_longer_until_it_is_given_up(delivery: Delivery, receiver: Receiver) -> None:
    receiver.status = 500
    for pause in PAUSES:
        before = timezone.now()
        attempt(delivery)
        assert delivery.state == Delivery.State.WAITING
        assert before + pause <= delivery.next_attempt_at <= timezone.now() + pause
    assert attempt(delivery).state == Delivery.State.GIVEN_UP
    assert delivery.attempts.count() == len(PAUSES) + 1
    deliver(str(delivery.pk))
    assert delivery.attempts.count() == len(PAUSES) + 1
    assert list(PAUSES) == sorted(PAUSES)


def test_what_is_not_due_waits(delivery: Delivery, receiver: Receiver) -> None:
    Delivery.objects.update(next_attempt_at=timezone.now() + timedelta(minutes=5))
    deliver(str(delivery.pk))
    deliver("00000000-0000-4000-8000-000000000000")
    assert receiver.arrived == []


def test_a_server_that_is_not_there(endpoint: Endpoint, delivery: Delivery) -> None:
    Endpoint.objects.update(url="http://127.0.0.1:1/")
    attempt(delivery)
    made = delivery.attempts.get()
    assert made.status is None
    assert "No answer" in made.error


def test_answers_are_kept_by_their_beginning(delivery: Delivery, receiver: Receiver) -> None:
    receiver.status, receiver.answer = 200, b"\xff\0" + b"x" * 5000
    attempt(delivery)
    assert 0 < len(delivery.attempts.get().answer) <= 1000


def test_after_ten_failures_it_is_switched_off_and_people_are_told(
    cast: Cast, endpoint: Endpoint, delivery: Delivery, receiver: Receiver
) -> None:
    receiver.status, receiver.answer = 500, b"Oh"
    for number in range(1, Endpoint.FAILURES_ALLOWED):
        assert fail(endpoint, delivery).failures == number
        assert endpoint.disabled_at is None
        assert not Notice.objects.exists()
        Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.WAITING, tries=0)
    assert fail(endpoint, delivery).disabled_at is not None
    notice = Notice.objects.get(person=cast.cio)
    assert endpoint.name in notice.text
    assert notice.url == endpoint.get_absolute_url()
    sent = len(receiver.arrived)
    attempt(delivery)
    deliver_due()
    assert len(receiver.arrived) == sent


def test_failures_within_an_hour_are_one_outage(endpoint: Endpoint, delivery: Delivery, receiver: Receiver) -> None:
    receiver.status = 500
    for _ in range(5):
        attempt(delivery)
    endpoint.refresh_from_db()
    assert endpoint.failures == 1


def test_a_success_forgives(endpoint: Endpoint, delivery: Delivery, receiver: Receiver) -> None:
    receiver.status = 500
    assert fail(endpoint, delivery).failures == 1
    receiver.status = 200
    attempt(delivery)
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.counted_at) == (0, None)
    assert endpoint.delivered_at is not None
    assert endpoint.version == 1, "Deliveries are no edits."


def test_on_again_what_waited_is_due(cast: Cast, endpoint: Endpoint, delivery: Delivery, receiver: Receiver) -> None:
    Delivery.objects.update(next_attempt_at=timezone.now() + timedelta(hours=5))
    switch_off(endpoint=endpoint, by=cast.cio)
    switch_on(endpoint=endpoint, by=cast.cio)
    deliver(str(delivery.pk))
    assert len(receiver.arrived) == 1


def test_a_message_is_sent_again_as_it_was(cast: Cast, delivery: Delivery, receiver: Receiver) -> None:
    attempt(delivery)
    redeliver(delivery=delivery, by=cast.cio)
    attempt(delivery)
    (_path, first, body), (_path, second, again) = receiver.arrived
    assert first["webhook-id"] == second["webhook-id"]
    assert body == again
    assert delivery.attempts.count() == 2


def test_nothing_is_sent_again_while_it_is_off(cast: Cast, endpoint: Endpoint, delivery: Delivery) -> None:
    switch_off(endpoint=endpoint, by=cast.cio)
    with pytest.raises(ValidationError):
        redeliver(delivery=delivery, by=cast.cio)


def test_only_the_office_does_this(cast: Cast, endpoint: Endpoint, delivery: Delivery) -> None:
    for name in ("manager", "auditor", "agency_member", "vendor_member", "msi_member"):
        person = cast.by_role()[name]
        for operation in (replace_secret, switch_off, switch_on, send_test):
            with pytest.raises(PermissionDenied):
                operation(endpoint=endpoint, by=person)
        with pytest.raises(PermissionDenied):
            redeliver(delivery=delivery, by=person)


def test_old_messages_are_forgotten_unless_they_wait(delivery: Delivery) -> None:
    Delivery.objects.update(created_at=timezone.now() - KEPT_FOR - timedelta(days=1))
    assert forget_deliveries() == 0
    Delivery.objects.update(state=Delivery.State.DELIVERED)
    assert forget_deliveries() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_it_once(
    cast: Cast, endpoint: Endpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = send_test(endpoint=endpoint, by=cast.cio)
    make_due(delivery)
    both_claim = threading.Barrier(2)
    claim = delivering.claim

    def together(key: str) -> Any:
        both_claim.wait(10)
        return claim(key)

    monkeypatch.setattr(delivering, "claim", together)

    def work() -> None:
        deliver(str(delivery.pk))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.arrived) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_real_workers_deliver_and_a_killed_one_loses_nothing(
    cast: Cast, endpoint: Endpoint, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_PRIVATE_HOSTS", "127.0.0.1")
    with workers_ready() as workers:
        send_test(endpoint=endpoint, by=cast.cio)
        workers.kill(workers.start())
        workers.start()
        wait_until(lambda: bool(receiver.arrived))
        wait_until(lambda: not Delivery.objects.exclude(state=Delivery.State.DELIVERED).exists())
