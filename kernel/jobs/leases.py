"""Who works on a range: claims, signs of life and the fence that lets every effect happen exactly once.

All times are PostgreSQL's, so that the clocks of several worker hosts need not agree.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now

from kernel.jobs.models import Job, JobRange, State

logger = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Another worker has the range by now; what this one did must not count."""


@dataclass(frozen=True)
class Lease:
    """One worker's hold on one range, and what it needs to know to do it."""

    range_pk: int
    token: uuid.UUID
    attempt: int
    job_pk: int
    requested_by: int | None
    params: dict[str, Any]
    payload: Any


def lease_time() -> timedelta:
    """How long a worker may be silent before its range is given to another."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def claim(range_pk: int) -> Lease | None:
    """Take a range that waits, or whose holder fell silent; None where there is nothing to take."""
    token = uuid.uuid4()
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=Now())
    with transaction.atomic():
        claimed = JobRange.objects.filter(free, pk=range_pk, attempts__lt=settings.JOB_ATTEMPTS).update(
            state=State.RUNNING,
            token=token,
            lease_until=Now() + lease_time(),
            heartbeat_at=Now(),
            attempts=F("attempts") + 1,
        )
        if not claimed:
            return None
        row = JobRange.objects.select_related("job").get(pk=range_pk)
        Job.objects.filter(pk=row.job_id, state=State.QUEUED).update(
            state=State.RUNNING, started_at=Coalesce("started_at", Now())
        )
    return Lease(
        range_pk=range_pk,
        token=token,
        attempt=row.attempts,
        job_pk=row.job_id,
        requested_by=row.job.requested_by_id,
        params=row.job.params,
        payload=row.payload,
    )


def release(lease: Lease, **values: Any) -> None:
    """Write the range's new state and let it go, but only while `lease` holds. Raises LeaseLost."""
    held = JobRange.objects.filter(pk=lease.range_pk, token=lease.token, state=State.RUNNING)
    if not held.update(token=None, lease_until=None, **values):
        raise LeaseLost


@contextmanager
def kept_alive(lease: Lease) -> Iterator[None]:
    """Renew the lease from a second thread, with a connection of its own, while the block runs."""
    stop = threading.Event()
    thread = threading.Thread(target=_keep_alive, args=(lease, stop), name=f"lease-{lease.range_pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep_alive(lease: Lease, stop: threading.Event) -> None:
    held = JobRange.objects.filter(pk=lease.range_pk, token=lease.token, state=State.RUNNING)
    try:
        while not stop.wait(settings.JOB_LEASE_SECONDS / 3):
            try:
                if not held.update(lease_until=Now() + lease_time(), heartbeat_at=Now()):
                    return
            except Error:
                # The database is away: perhaps it is back at the next beat.
                logger.warning("lease_not_renewed", job=lease.job_pk, job_range=lease.range_pk)
                connection.close()
    finally:
        connection.close()
