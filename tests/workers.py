"""Real worker processes for tests, which really die."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
LEASE_SECONDS = 2.0


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that other processes bring about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


def database_url() -> str:
    """The URL of the database this test runs on."""
    database = connection.settings_dict
    host = str(database["HOST"]).replace("/", "%2F")
    return f"postgresql://{database['USER']}:{database['PASSWORD']}@{host}/{database['NAME']}"


class Workers:
    """Celery workers with a beat inside, on the test's database and Redis."""

    def __init__(self) -> None:
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, app: str = "brm_portal") -> subprocess.Popen[bytes]:
        """Start a worker with two processes."""
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        }
        command = [sys.executable, "-m", "celery", "--app", app, "worker", "--beat", "--concurrency=2"]
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        self.running.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """End a worker and its children as a power failure would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        self.running.remove(worker)

    def kill_all(self) -> None:
        """End what a test left."""
        for worker in list(self.running):
            self.kill(worker)


@contextmanager
def own_session() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A session of the test's own beside Django's, in which to hold a lock; it may be gone when the block ends."""
    session = psycopg.connect(database_url())
    try:
        yield session
    finally:
        session.close()


def sessions_waiting_for_a_lock() -> int:
    """How many sessions of the test database are provably stopped amid their work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(cursor.fetchone()[0])
