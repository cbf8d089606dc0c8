"""How many requests one side may send in a minute, and what it is told about that."""

import re
from typing import Any

import pytest
from django.test import Client

from kernel.rest import rates
from tests.api.test_permissions import bearer
from tests.conftest import Cast

PATH = "/api/v1/vendors/"


@pytest.fixture(autouse=True)
def _three_a_minute(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A low limit, and a clock that stands still, for a minute of the real one could end amid a test."""
    settings.API_REQUESTS_PER_MINUTE = 3
    monkeypatch.setattr(rates.time, "time", lambda: 1_000_000_020.0)


def left(answer: Any) -> int:
    (count,) = re.findall(r'^"per-minute";r=(\d+);t=\d+$', answer["RateLimit"])
    return int(count)


def test_every_answer_says_what_is_left(cast: Cast, client: Client) -> None:
    headers = bearer(cast.cio, "vendors:read")
    answers = [client.get(PATH, headers=headers) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [left(answer) for answer in answers] == [2, 1, 0, 0]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"per-minute";q=3;w=60'}


def test_beyond_the_limit_it_says_how_long_to_wait(cast: Cast, client: Client) -> None:
    headers = bearer(cast.cio, "vendors:read")
    answer = [client.get(f"{PATH}?page=99", headers=headers) for _ in range(4)][-1]
    assert answer["Content-Type"] == "application/problem+json"
    assert 1 <= int(answer["Retry-After"]) <= 61
    assert "Wait" in answer.json()["detail"]


def test_each_token_has_a_limit_of_its_own(cast: Cast, client: Client) -> None:
    for headers in (bearer(cast.cio, "vendors:read"), bearer(cast.cio, "vendors:read")):
        assert [client.get(PATH, headers=headers).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_the_next_minute_begins_anew(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = bearer(cast.cio, "vendors:read")
    assert [client.get(PATH, headers=headers).status_code for _ in range(4)][-1] == 429
    monkeypatch.setattr(rates.time, "time", lambda: 1_000_000_080.0)
    assert client.get(PATH, headers=headers).status_code == 200


def test_without_redis_nobody_is_held_up(cast: Cast, client: Client, settings: Any) -> None:
    headers = bearer(cast.cio, "vendors:read")
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    assert [client.get(PATH, headers=headers).status_code for _ in range(5)] == [200] * 5
