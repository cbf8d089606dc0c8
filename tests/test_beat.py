"""Any number of beats may run; one keeps time, and another takes over when it falls."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
Start = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def prefix() -> str:
    return f"ticks-{uuid.uuid4()}-"


@pytest.fixture
def start_beat(prefix: str, db: None) -> Iterator[Start]:
    """Start a beat whose ticks land in a queue of its own, against the test database."""
    database = connection.settings_dict
    host = database["HOST"].replace("/", "%2F")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"postgresql://{database['USER']}:{database['PASSWORD']}@{host}/{database['NAME']}",
        "TICKS_BROKER": settings.CELERY_BROKER_URL,
    }
    beats: list[subprocess.Popen[bytes]] = []

    def start(name: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "--app", "tests.beat_app", "beat", "--pidfile="]
        beats.append(subprocess.Popen(command, cwd=ROOT, env=environment | {"TICKS_QUEUE": prefix + name}))
        return beats[-1]

    yield start
    for beat in beats:
        beat.kill()
        beat.wait()
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.delete(*[f"{prefix}{name}" for name in ("first", "second")])


@pytest.fixture
def ticks(prefix: str) -> Callable[[str], int]:
    client = redis.Redis.from_url(settings.REDIS_URL)
    return lambda name: int(client.llen(prefix + name))


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.slow
def test_one_beat_ticks_and_another_takes_over_when_it_is_killed(
    start_beat: Start, ticks: Callable[[str], int]
) -> None:
    first = start_beat("first")
    wait_until(lambda: ticks("first") > 0)
    start_beat("second")
    before = ticks("first")
    time.sleep(6)
    assert ticks("first") > before
    assert ticks("second") == 0

    first.kill()
    first.wait()
    wait_until(lambda: ticks("second") > 0)


@pytest.mark.slow
def test_a_beat_that_lost_its_connection_stops_until_it_has_the_lock_again(
    start_beat: Start, ticks: Callable[[str], int]
) -> None:
    start_beat("first")
    wait_until(lambda: ticks("first") > 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        assert cursor.rowcount == 1
    # Nobody else wants the lock, so it has it back within seconds.
    before = ticks("first")
    wait_until(lambda: ticks("first") > before + 5)
