"""Asking for long work, waking workers, and following a job to its end."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from celery import Task, current_app
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from kombu.exceptions import OperationalError as BrokerError

from kernel.accounts.models import User
from kernel.jobs.leases import lease_time
from kernel.jobs.models import Job, JobRange, State
from kernel.jobs.querysets import JobQuerySet
from kernel.webhooks.recording import Message, record_event

FINISHED = "job.finished"

logger = structlog.get_logger(__name__)


@transaction.atomic
def start_job(
    *,
    task: "Task[..., None]",
    title: str,
    params: dict[str, Any],
    ranges: Sequence[Any],
    by: User | None,
    joins: bool = True,
    result_url: str = "",
) -> Job:
    """Write down work to do and wake workers once that is committed.

    `ranges` are JSON payloads; a list counts as many as it is long. Where the same work is already asked for and
    not finished, that job is returned, unless `joins` is False: then the work may read what changed since it began.
    Whether `by` may ask for this kind of work is for the caller to check.
    """
    job, created = _open_job(
        kind=task.name,
        request_key=_request_key(task.name, params, ranges) if joins else None,
        fields={"title": title, "params": params, "requested_by": by, "result_url": result_url},
    )
    if not created:
        if by is not None and job.requested_by_id != by.pk:
            job.joined_by.add(by)
        return job
    rows = JobRange.objects.bulk_create(
        JobRange(
            job=job,
            position=position,
            payload=payload,
            size=len(payload) if isinstance(payload, list) else 1,
            woken_at=Now(),
        )
        for position, payload in enumerate(ranges, start=1)
    )
    job.total = sum(row.size for row in rows)
    job.save(update_fields=["total"])
    if not rows:
        follow_job(job.pk)
        job.refresh_from_db()
    transaction.on_commit(partial(wake, [(job.kind, row.pk) for row in rows]))
    return job


def _open_job(*, kind: str, request_key: str | None, fields: dict[str, Any]) -> tuple[Job, bool]:
    if request_key is None:
        return Job.objects.create(kind=kind, **fields), True
    return Job.objects.get_or_create(
        request_key=request_key, state__in=Job.UNFINISHED, defaults={"kind": kind, **fields}
    )


def _request_key(kind: str, params: dict[str, Any], ranges: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps([kind, params, ranges], sort_keys=True).encode()).hexdigest()


def wake(ranges: Sequence[tuple[str, int]], *, countdown: float = 0) -> None:
    """Tell workers of ranges, given as task name and key. Without Redis nobody hears: `requeue` tells them later."""
    try:
        with current_app.producer_or_acquire() as producer:
            for kind, range_pk in ranges:
                current_app.send_task(
                    kind, args=[range_pk], producer=producer, countdown=countdown or None, retry=False
                )
    except (BrokerError, OSError) as error:
        logger.warning("workers_not_woken", ranges=len(ranges), error=type(error).__name__)


def follow_job(job_pk: int) -> None:
    """Bring a job's progress and state up to its ranges; call last in the transaction that changed a range.

    The job's row is locked first and the ranges are counted in a later statement, so of two workers that finish
    at the same time the second sees both.
    """
    job = Job.objects.select_for_update().get(pk=job_pk)
    figures = job.ranges.aggregate(
        done=Coalesce(Sum("size", filter=Q(state=State.DONE)), 0),
        open=Count("pk", filter=Q(state__in=Job.UNFINISHED)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
    )
    job.done = figures["done"]
    changed = ["done"]
    if not figures["open"]:
        job.state = State.FAILED if figures["failed"] else State.DONE
        job.error = _explain_failure(job, figures["failed"])
        job.result = _sum_results(job)
        job.finished_at = Now()
        changed += ["state", "error", "result", "finished_at"]
    job.save(update_fields=changed)
    if not figures["open"]:
        record_event(FINISHED, Job.objects.filter(pk=job.pk), _finished)


def _finished(jobs: JobQuerySet) -> Iterator[Message]:
    """What other systems are told of jobs that are over."""
    for job in jobs:
        data = {
            "job": job.pk,
            "path": reverse("api:jobs-detail", args=[job.pk]),
            "title": job.title,
            "state": job.state,
            "result": job.result,
            "error": job.error,
        }
        yield Message(f"{FINISHED}:{job.pk}:{job.finished_at:%Y%m%d%H%M%S%f}", data)


def _explain_failure(job: Job, failed: int) -> str:
    if not failed:
        return ""
    first = job.ranges.filter(state=State.FAILED).order_by("position").values_list("error", flat=True)[0]
    count = job.ranges.count()
    summary = ngettext("%(failed)d of %(count)d part failed.", "%(failed)d of %(count)d parts failed.", count)
    return f"{summary % {'failed': failed, 'count': count}} {first}"


def _sum_results(job: Job) -> dict[str, int]:
    total: Counter[str] = Counter()
    for result in job.ranges.values_list("result", flat=True):
        total.update(result)
    return dict(total)


@transaction.atomic
def retry_job(*, job: Job, by: User) -> Job:
    """Do the failed ranges of a failed job again; where the same work is being done by now, return that job."""
    if not Job.objects.editable_by(by).filter(pk=job.pk).exists():
        raise PermissionDenied
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state != State.FAILED:
        return job
    job.state, job.error, job.finished_at = State.QUEUED, "", None
    try:
        with transaction.atomic():
            job.save(update_fields=["state", "error", "finished_at"])
    except IntegrityError:
        same: Job = Job.objects.unfinished().get(request_key=job.request_key)
        same.joined_by.add(by)
        return same
    failed = list(job.ranges.filter(state=State.FAILED).values_list("pk", flat=True))
    job.ranges.filter(pk__in=failed).update(state=State.QUEUED, attempts=0, error="", woken_at=Now())
    transaction.on_commit(partial(wake, [(job.kind, pk) for pk in failed]))
    return job


@transaction.atomic
def requeue_ranges() -> int:
    """Take ranges from workers that fell silent, and tell workers of all that nobody took up; return how many.

    A range on which workers fell silent time and again has failed: it is what ends them.
    """
    silent = JobRange.objects.select_for_update(skip_locked=True).filter(state=State.RUNNING, lease_until__lt=Now())
    free = {"token": None, "lease_until": None, "woken_at": None}
    for row in silent:
        if row.attempts < settings.JOB_ATTEMPTS:
            JobRange.objects.filter(pk=row.pk).update(state=State.QUEUED, **free)
            continue
        error = _("The program that did it ended before it was done, %(times)d times.") % {"times": row.attempts}
        JobRange.objects.filter(pk=row.pk).update(state=State.FAILED, error=error, **free)
        follow_job(row.job_id)
    waited_long = Q(woken_at=None) | Q(woken_at__lt=Now() - lease_time())
    waiting = list(
        JobRange.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(waited_long, state=State.QUEUED)
        .order_by("pk")
        .values_list("job__kind", "pk")
    )
    JobRange.objects.filter(pk__in=[pk for _kind, pk in waiting]).update(woken_at=Now())
    transaction.on_commit(partial(wake, waiting))
    return len(waiting)


def delete_old_jobs() -> int:
    """Forget jobs that the portal itself asked for and that are long done; return how many."""
    long_ago = Now() - timedelta(days=settings.JOB_KEEP_DAYS)
    _total, by_model = Job.objects.filter(requested_by=None, state=State.DONE, finished_at__lt=long_ago).delete()
    return by_model.get("jobs.Job", 0)
