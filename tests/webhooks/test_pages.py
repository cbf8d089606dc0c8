"""Pages of webhooks, as the CIO's office uses them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.accounts.models import User
from kernel.webhooks.delivering import deliver
from kernel.webhooks.models import Delivery, Endpoint
from kernel.webhooks.operations import send_test, switch_off
from tests.conftest import Cast
from tests.webhooks.receiver import Receiver

Login = Callable[[User], Client]
FORM = {"name": "Warehouse", "url": "https://example.org/hook", "event_types": ["job.finished"]}


def test_a_new_webhook_shows_its_secret_once(cast: Cast, login: Login) -> None:
    answer = login(cast.cio).post("/webhooks/new/", {**FORM, "acts_for": cast.integration.pk})
    endpoint = Endpoint.objects.get()
    (secret,) = endpoint.signing_secrets()
    assert secret in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert secret not in login(cast.cio).get(endpoint.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://example.org/"}, "url"),
        ({"url": "https://192.168.0.1/"}, "url"),
        ({"url": "https://u:p@example.org/"}, "url"),
        ({"event_types": []}, "event_types"),
        ({"event_types": ["webhook.test"]}, "event_types"),
        ({"acts_for": 0}, "acts_for"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_refused_is_said_beside_the_field(cast: Cast, login: Login, change: dict[str, Any], field: str) -> None:
    answer = login(cast.cio).post("/webhooks/new/", {**FORM, "acts_for": cast.cio.pk, **change})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Endpoint.objects.exists()


def test_change_test_and_follow(cast: Cast, login: Login, endpoint: Endpoint, receiver: Receiver) -> None:
    client = login(cast.cio)
    body = {**FORM, "url": receiver.url, "acts_for": cast.cio.pk, "version": endpoint.version}
    assert client.post(f"{endpoint.get_absolute_url()}edit/", body).status_code == 302
    sent = client.post(f"{endpoint.get_absolute_url()}test/")
    delivery = Delivery.objects.get()
    assert sent["Location"] == delivery.get_absolute_url()
    assert "as soon as a worker is free" in client.get(sent["Location"]).content.decode()
    receiver.status, receiver.answer = 500, b"We are <closed>."
    deliver(str(delivery.pk))
    page = client.get(sent["Location"]).content.decode()
    assert "We are &lt;closed&gt;." in page
    Delivery.objects.update(state=Delivery.State.GIVEN_UP)
    assert client.post(f"{sent['Location']}again/").status_code == 302
    assert Delivery.objects.get().state == Delivery.State.WAITING


def test_off_and_on(cast: Cast, login: Login, endpoint: Endpoint) -> None:
    client = login(cast.cio)
    assert client.get(f"{endpoint.get_absolute_url()}off/").status_code == 200
    client.post(f"{endpoint.get_absolute_url()}off/")
    page = client.get(endpoint.get_absolute_url()).content.decode()
    assert "Switch on again" in page
    assert f"by {cast.cio.name}" in page
    client.post(f"{endpoint.get_absolute_url()}on/")
    assert "Switch on again" not in client.get(endpoint.get_absolute_url()).content.decode()


def test_the_list_tells_those_that_are_off(cast: Cast, login: Login, endpoint: Endpoint) -> None:
    client = login(cast.cio)
    assert endpoint.name in client.get("/webhooks/?switched_off=false").content.decode()
    assert endpoint.name not in client.get("/webhooks/?switched_off=true").content.decode()
    switch_off(endpoint=endpoint, by=cast.cio)
    assert endpoint.name not in client.get("/webhooks/?switched_off=false").content.decode()
    assert endpoint.name in client.get("/webhooks/?switched_off=true").content.decode()


def test_a_new_secret_is_shown_once(cast: Cast, login: Login, endpoint: Endpoint) -> None:
    answer = login(cast.cio).post(f"{endpoint.get_absolute_url()}secret/")
    endpoint.refresh_from_db()
    assert endpoint.signing_secrets()[0] in answer.content.decode()
    assert len(endpoint.signing_secrets()) == 2


def test_sending_again_while_off_is_refused_in_words(cast: Cast, login: Login, endpoint: Endpoint) -> None:
    delivery = send_test(endpoint=endpoint, by=cast.cio)
    switch_off(endpoint=endpoint, by=cast.cio)
    answer = login(cast.cio).post(f"{delivery.get_absolute_url()}again/", follow=True)
    assert "Switch the webhook on first." in answer.content.decode()


def test_lists_take_a_fixed_number_of_queries(cast: Cast, login: Login, endpoint: Endpoint) -> None:
    """A list: 1 the session, 1 the user, 1 the count, 1 the rows, and the choices of no filter."""
    client = login(cast.cio)
    counted = []
    for _ in range(2):
        for number in range(3):
            Endpoint.objects.create(
                name=f"W {number}",
                url="https://example.org/",
                event_types=["job.finished"],
                acts_for=cast.cio,
                secret="-",
            )
            send_test(endpoint=endpoint, by=cast.cio)
        for path in ("/webhooks/", endpoint.get_absolute_url()):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counted.append(len(queries))
    assert counted[:2] == counted[2:]
