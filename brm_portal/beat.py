"""Celery's timekeeper, of which any number may run while only one keeps time."""

import logging
from typing import Any

from celery.beat import Scheduler
from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

# One number of its own among the advisory locks of this database.
BEAT_LOCK = int.from_bytes(b"brm beat")
STANDBY_SECONDS = 5.0


class LockedScheduler(Scheduler):
    """A scheduler that ticks only while its own database connection holds the beat's advisory lock.

    PostgreSQL lets go of the lock when the connection ends, however it ends; another beat takes over within
    seconds. What is due is read from the database by the tasks themselves, so no schedule file is kept.
    """

    _connection: BaseDatabaseWrapper | None = None

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due, or wait for the lock."""
        if not self._holds_lock():
            return STANDBY_SECONDS
        return float(super().tick(*args, **kwargs))

    def close(self) -> None:
        """Let go of the lock, so that another beat need not wait."""
        super().close()
        self._disconnect()

    def _holds_lock(self) -> bool:
        """Return whether the lock is held, asking the database each time: a lost connection has lost it."""
        try:
            if self._connection is None:
                return self._try_lock()
            with self._connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Error:
            logger.warning("The connection that holds the beat's lock is lost.")
            self._disconnect()
            return False
        return True

    def _try_lock(self) -> bool:
        connection = connections.create_connection("default")
        with connection.cursor() as cursor:
            # A host that vanished must not hold the lock for hours.
            cursor.execute("SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5")
            cursor.execute("SET tcp_keepalives_count = 3")
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [BEAT_LOCK])
            is_ours = bool(cursor.fetchone()[0])
        if not is_ours:
            connection.close()
            return False
        logger.info("This beat holds the lock and keeps time.")
        self._connection = connection
        return True

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
