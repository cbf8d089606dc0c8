"""Doing ranges: how an app makes a function into a task whose effects happen exactly once.

@range_task("vendors.compute_range")
def compute_range(params, payload):
    ...
    return {"computed": 12}

start_job(task=compute_range, title=..., params=..., ranges=[[1, 2], [3]], by=user)
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pghistory
import structlog
from celery import Task, shared_task
from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from kernel.jobs.leases import Lease, LeaseLost, claim, kept_alive, release
from kernel.jobs.models import State
from kernel.jobs.operations import follow_job, wake

# A worker that was killed in a long statement must not hold its locks until the statement ends, nor one whose host
# vanished until PostgreSQL notices by the network's own defaults, hours later.
LET_GO_OF_THE_DEAD = """
    SET LOCAL client_connection_check_interval = '1s';
    SET LOCAL tcp_keepalives_idle = 10;
    SET LOCAL tcp_keepalives_interval = 5;
    SET LOCAL tcp_keepalives_count = 3;
"""

Handler = Callable[[dict[str, Any], Any], dict[str, int]]

logger = structlog.get_logger(__name__)


class JobError(Exception):
    """What went wrong with a range, in words for the person who asked; it is not tried again."""


def range_task(name: str, *, before: Callable[[], object] | None = None) -> "Callable[[Handler], Task[..., None]]":
    """Make `handler(params, payload)` the task of that name.

    The handler runs in the transaction that marks its range as done, and returns figures that the job sums.
    `before` runs ahead of it, outside that transaction; it must bear being run by several workers at once.
    """

    def make(handler: Handler) -> "Task[..., None]":
        def work(range_pk: int) -> None:
            lease = claim(range_pk)
            if lease is not None:
                _work_on(lease, name, handler, before)

        work.__doc__ = handler.__doc__
        return shared_task(name=name)(work)

    return make


def _work_on(lease: Lease, kind: str, handler: Handler, before: Callable[[], object] | None) -> None:
    log = logger.bind(job=lease.job_pk, job_range=lease.range_pk, attempt=lease.attempt)
    try:
        with pghistory.context(user=lease.requested_by, job=lease.job_pk), kept_alive(lease):
            if before is not None:
                before()
            _do(lease, handler)
    except LeaseLost:
        log.warning("job_range_lost")
    except Exception as error:
        log.exception("job_range_failed")
        _write_failure(lease, kind, error)
    else:
        log.info("job_range_done")


@transaction.atomic
def _do(lease: Lease, handler: Handler) -> None:
    """The effect and its mark, or neither."""
    with connection.cursor() as cursor:
        cursor.execute(LET_GO_OF_THE_DEAD)
    result = handler(lease.params, lease.payload)
    release(lease, state=State.DONE, result=result, error="")
    follow_job(lease.job_pk)


def _write_failure(lease: Lease, kind: str, error: Exception) -> None:
    """Have the range tried again, later each time, or give it up."""
    is_final = isinstance(error, JobError) or lease.attempt >= settings.JOB_ATTEMPTS
    pause = 2**lease.attempt
    try:
        with transaction.atomic():
            if is_final:
                release(lease, state=State.FAILED, error=_in_plain_words(error, lease))
                follow_job(lease.job_pk)
                return
            release(lease, state=State.QUEUED, woken_at=Now() + timedelta(seconds=pause))
            transaction.on_commit(lambda: wake([(kind, lease.range_pk)], countdown=pause))
    except (Error, LeaseLost):
        # The database is away, as it may have been before: the lease will run out, and the range be given out anew.
        logger.warning("job_range_left", job=lease.job_pk, job_range=lease.range_pk)


def _in_plain_words(error: Exception, lease: Lease) -> str:
    if isinstance(error, JobError):
        return str(error)
    return _("An unexpected error (%(error)s) stopped it %(times)d times; the log tells more under job %(job)d.") % {
        "error": type(error).__name__,
        "times": lease.attempt,
        "job": lease.job_pk,
    }
