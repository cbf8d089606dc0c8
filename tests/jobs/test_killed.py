"""A worker's process is killed amid a range, for instance for want of memory: the effect happens exactly once."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from kernel.jobs.models import Job
from kernel.jobs.operations import start_job
from tests.jobs.worker import STOP_LOCK, write_numbers
from tests.workers import LEASE_SECONDS, Workers, own_session, sessions_waiting_for_a_lock, wait_until, workers_ready

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def workers(written: Callable[[], list[int]], settings: Settings) -> Iterator[Workers]:
    settings.JOB_LEASE_SECONDS = LEASE_SECONDS
    with workers_ready(include="tests.jobs.worker") as workers:
        yield workers


def children(worker: subprocess.Popen[bytes]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()]


def state_of(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def test_the_processes_of_a_worker_are_killed_and_it_goes_on(
    workers: Workers, written: Callable[[], list[int]]
) -> None:
    ranges = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    job = start_job(task=write_numbers, title="Write", params={"stops_at": [2, 5]}, ranges=ranges, by=None)
    with own_session() as session:
        session.execute("SELECT pg_advisory_xact_lock(n) FROM unnest(%s) n", [[STOP_LOCK + 2, STOP_LOCK + 5]])
        worker = workers.start()
        wait_until(lambda: sessions_waiting_for_a_lock() == 2)
        assert written() == []
        for pid in children(worker):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: state_of(job) == "done")
    assert written() == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert Job.objects.get().done == 9


def test_what_kills_every_worker_is_given_up(workers: Workers, written: Callable[[], list[int]]) -> None:
    job = start_job(task=write_numbers, title="Write", params={"stops_at": [1]}, ranges=[[1], [2]], by=None)
    job.ranges.filter(position=1).update(attempts=4)
    with own_session() as session:
        session.execute("SELECT pg_advisory_xact_lock(%s)", [STOP_LOCK + 1])
        worker = workers.start()
        wait_until(lambda: sessions_waiting_for_a_lock() == 1 and written() == [2])
        for pid in children(worker):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: state_of(job) == "failed")
    assert written() == [2]
    job.refresh_from_db()
    assert job.error == "1 of 2 parts failed. The program that did it ended before it was done, 5 times."
