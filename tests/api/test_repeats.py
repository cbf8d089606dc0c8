"""An Idempotency-Key on a POST: carried out once, answered alike every time."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from kernel.accounts.models import User
from kernel.jobs.models import Job
from kernel.rest.models import KeptAnswer
from kernel.rest.repeats import KEPT_FOR, forget_answers
from metrics.models import Indicator, Measurement
from tests.conftest import Cast, World

Post = Callable[..., Any]
INDICATOR = {"code": "waiting", "name": "Waiting time", "unit": "min", "direction": "lower"}
ROWS = {"measurements": [{"series": "C-1-uptime", "observed_on": "2022-01-31", "value": "99.5"}]}


@pytest.fixture
def post(login: Callable[[User], Client]) -> Post:
    """Send a body as somebody under a key."""

    def send(path: str, user: User, body: object, key: str = "k-1") -> Any:
        client = login(user)
        client.raise_request_exception = False
        headers = {"Idempotency-Key": key}
        return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)

    return send


def test_the_second_answer_is_the_first(cast: Cast, post: Post) -> None:
    first, second = post("indicators/", cast.cio, INDICATOR), post("indicators/", cast.cio, INDICATOR)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert {name: second[name] for name in ("ETag", "Location")} == {name: first[name] for name in ("ETag", "Location")}
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Indicator.objects.filter(code="waiting").count() == 1


def test_counts_stay_those_of_the_first_time(cast: Cast, post: Post) -> None:
    answers = [post("measurements/bulk/", cast.cio, ROWS).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["created"] == 1
    assert post("measurements/bulk/", cast.cio, ROWS, key="k-2").json()["unchanged"] == 1


def test_asking_twice_is_one_job(cast: Cast, world: World, post: Post) -> None:
    body = {"period_start": "2020-01", "months": 12}
    first = post("scorecards/compute/", cast.cio, body)
    Job.objects.update(state=Job.State.DONE, finished_at=timezone.now())
    second = post("scorecards/compute/", cast.cio, body)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.content == second.content
    assert Job.objects.count() == 1


def test_a_refusal_is_kept_too(cast: Cast, post: Post) -> None:
    wrong = {**INDICATOR, "direction": "sideways"}
    answers = [post("indicators/", cast.cio, wrong) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content
    assert answers[1]["Content-Type"] == "application/problem+json"
    assert answers[1]["Idempotency-Replayed"] == "true"


def test_a_key_is_for_one_request(cast: Cast, post: Post) -> None:
    post("indicators/", cast.cio, INDICATOR)
    assert post("indicators/", cast.cio, {**INDICATOR, "code": "other"}).status_code == 422
    assert post("measurements/bulk/", cast.cio, ROWS).status_code == 422
    assert not Measurement.objects.exists()
    assert not Indicator.objects.filter(code="other").exists()


def test_everybody_has_keys_of_their_own(cast: Cast, post: Post) -> None:
    post("measurements/bulk/", cast.cio, ROWS)
    assert post("measurements/bulk/", cast.manager, ROWS).json()["unchanged"] == 1
    assert post("indicators/", cast.agency_member, INDICATOR).status_code == 403


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there"])
def test_keys_that_tell_nothing_apart(cast: Cast, post: Post, key: str) -> None:
    answer = post("indicators/", cast.cio, INDICATOR, key=key)
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]
    assert not KeptAnswer.objects.exists()


def test_what_went_wrong_on_our_side_is_not_kept(cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(Indicator, "save", breaks)
        assert post("indicators/", cast.cio, INDICATOR).status_code == 500
    assert not KeptAnswer.objects.exists()
    assert post("indicators/", cast.cio, INDICATOR).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_the_same_time(cast: Cast, post: Post) -> None:
    answers: list[Any] = []

    def send() -> None:
        answers.append(post("measurements/bulk/", cast.cio, ROWS))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1


def test_old_answers_are_forgotten(cast: Cast, post: Post) -> None:
    post("indicators/", cast.cio, INDICATOR)
    assert forget_answers() == 0
    KeptAnswer.objects.update(created_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    assert forget_answers() == 1
