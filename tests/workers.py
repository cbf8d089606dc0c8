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
import redis
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
LEASE_SECONDS = 2.0


def wait_until(condition: Callable[[], bool], seconds: float = 90) -> None:
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
    """Celery workers and one beat, on the test's database and Redis."""

    def __init__(self, *, include: str) -> None:
        self.include = include
        self.running: list[subprocess.Popen[bytes]] = []
        self._celery("beat", "--pidfile=")

    def start(self) -> subprocess.Popen[bytes]:
        """Start a worker with two processes."""
        more = ["--include", self.include] if self.include else []
        return self._celery("worker", "--concurrency=2", "--without-gossip", "--without-mingle", *more)

    def _celery(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        }
        command = [sys.executable, "-m", "celery", "--app", "brm_portal", *arguments]
        self.running.append(subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True))
        return self.running[-1]

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """End a worker and its children as a power failure would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        self.running.remove(worker)

    def kill_all(self) -> None:
        """End what a test left."""
        for process in list(self.running):
            self.kill(process)


@contextmanager
def workers_ready(*, include: str = "") -> Iterator[Workers]:
    """Workers (with a module of more tasks) that end with the block; nothing waits in Redis before and after."""
    messages = redis.Redis.from_url(settings.REDIS_URL)
    messages.flushdb()
    workers = Workers(include=include)
    try:
        yield workers
    finally:
        workers.kill_all()
        messages.flushdb()


@contextmanager
def own_session() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A session of the test's own beside Django's, in which to hold a lock until the block ends."""
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
            " AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
        )
        return int(cursor.fetchone()[0])


def restart(server: str) -> None:
    """End one of the portal's own servers and start it again; what Redis held is gone as well."""
    subprocess.run([sys.executable, "-m", "kernel.embedded", f"restart-{server}"], cwd=ROOT, check=True)
    if server == "redis":
        redis.Redis.from_url(settings.REDIS_URL).flushdb()
    else:
        connection.close()
