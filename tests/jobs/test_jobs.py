"""Jobs in one process: asking, joining, working, failing, retrying, requeueing."""

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
from celery import Celery
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from brm_portal.celery import app
from kernel.access import Role
from kernel.accounts.models import User
from kernel.jobs.leases import claim
from kernel.jobs.models import Job, JobRange
from kernel.jobs.operations import delete_old_jobs, requeue_ranges, retry_job, start_job
from kernel.jobs.working import range_task
from tests.jobs.worker import STOP_LOCK, write_numbers
from tests.workers import own_session, sessions_waiting_for_a_lock, wait_until

Written = Callable[[], list[int]]
LONG_AGO = datetime.timedelta(minutes=10)


def person(name: str = "carol", role: str = Role.CIO_OFFICE) -> User:
    return User.objects.create_user(f"{name}@example.gov", name=name.title(), role=role)


def ask(ranges: list[list[int]], by: User | None = None, **params: Any) -> Job:
    return start_job(task=write_numbers, title="Write numbers", params=params, ranges=ranges, by=by)


def work(job: Job) -> Job:
    """Do what a worker does with each message."""
    for row in job.ranges.order_by("position"):
        write_numbers(row.pk)
    job.refresh_from_db()
    return job


def let_lease_run_out(**filters: Any) -> None:
    JobRange.objects.filter(state="running", **filters).update(lease_until=timezone.now() - LONG_AGO)


def test_a_job_follows_its_ranges_to_the_end(written: Written) -> None:
    job = ask([[1, 2], [3]])
    assert (job.state, job.total, job.done, job.percent()) == ("queued", 3, 0, 0)

    write_numbers(job.ranges.get(position=1).pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.percent()) == ("running", 2, 66)

    job = work(job)
    assert (job.state, job.done, job.percent(), job.result) == ("done", 3, 100, {"written": 3})
    assert job.started_at is not None
    assert job.finished_at is not None
    assert written() == [1, 2, 3]


def test_a_message_that_comes_twice_does_nothing_the_second_time(written: Written) -> None:
    job = ask([[1]])
    work(job)
    work(job)
    assert written() == [1]


def test_work_without_a_range_is_done_at_once(written: Written) -> None:
    job = ask([])
    assert (job.state, job.percent()) == ("done", 100)


def test_the_same_request_joins_the_job_that_is_not_finished(written: Written) -> None:
    carol, marco = person(), person("marco", Role.BRM_MANAGER)
    job = ask([[1]], by=carol)
    assert ask([[1]], by=carol) == job
    assert ask([[1]], by=marco) == job
    assert Job.objects.visible_to(marco).get() == job
    assert ask([[2]], by=carol) != job
    assert ask([[1]], by=carol, refuses=[9]) != job
    work(job)
    assert ask([[1]], by=carol) != job


def test_work_that_may_not_join_stands_alone(written: Written) -> None:
    first, second = (
        start_job(task=write_numbers, title="Write", params={}, ranges=[[1]], by=None, joins=False) for _ in "ab"
    )
    assert first != second


def test_an_unexpected_error_is_tried_again_and_then_told_in_plain_words(written: Written, settings: Settings) -> None:
    settings.JOB_ATTEMPTS = 2
    job = ask([[1, 2], [3]], breaks_at=[2])
    job = work(job)
    assert (job.state, job.done, written()) == ("running", 1, [3])
    job = work(job)
    assert (job.state, job.done, job.result) == ("failed", 1, {"written": 1})
    assert job.error.startswith("1 of 2 parts failed. An unexpected error (ZeroDivisionError) stopped it 2 times")
    assert "secret" not in job.error
    assert written() == [3]


def test_a_refusal_is_final_and_a_failed_job_runs_again_where_it_failed(written: Written) -> None:
    carol = person()
    job = work(ask([[1, 2], [3]], by=carol, refuses=[2]))
    assert (job.state, job.error) == ("failed", "1 of 2 parts failed. 2 cannot be written.")

    Job.objects.filter(pk=job.pk).update(params={})
    assert retry_job(job=job, by=carol) == job
    job = work(job)
    assert (job.state, job.error, job.done) == ("done", "", 3)
    assert written() == [1, 2, 3]


def test_running_again_joins_the_same_work_that_runs_by_now(written: Written) -> None:
    carol = person()
    failed = work(ask([[1]], by=carol, refuses=[1]))
    running = ask([[1]], by=None, refuses=[1])
    assert retry_job(job=failed, by=carol) == running
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_only_who_asked_and_the_cio_office_run_it_again(written: Written) -> None:
    marco, other, audra = person("marco", Role.BRM_MANAGER), person("mia", Role.BRM_MANAGER), person("a", Role.AUDITOR)
    job = work(ask([[1]], by=marco, refuses=[1]))
    for stranger in (other, audra):
        with pytest.raises(PermissionDenied):
            retry_job(job=job, by=stranger)
    assert retry_job(job=job, by=marco) == job


def test_who_sees_jobs_and_their_ranges(written: Written) -> None:
    marco, victor = person("marco", Role.BRM_MANAGER), person("victor", Role.VENDOR_MEMBER)
    job = ask([[1]], by=marco)
    ask([[2]], by=None)
    counts = {
        user.name: (Job.objects.visible_to(user).count(), JobRange.objects.visible_to(user).count())
        for user in (person(), marco, person("mia", Role.BRM_MANAGER), person("audra", Role.AUDITOR), victor)
    }
    assert counts == {"Carol": (2, 2), "Marco": (1, 1), "Mia": (0, 0), "Audra": (2, 2), "Victor": (0, 0)}
    assert Job.objects.visible_to(marco).get() == job


def test_a_lease_that_holds_is_not_taken_and_one_that_ran_out_is(written: Written) -> None:
    pk = ask([[1]]).ranges.get().pk
    first = claim(pk)
    assert first is not None
    assert claim(pk) is None
    let_lease_run_out()
    second = claim(pk)
    assert second is not None
    assert (first.attempt, second.attempt) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_where_two_workers_meet_only_the_one_with_the_lease_counts(written: Written) -> None:
    """The first is thought dead and comes to itself after a second has begun; whoever ends first, one effect stays."""
    job = ask([[1]], stops_at=[1])
    pk = job.ranges.get().pk
    threads = []

    def start_worker() -> None:
        threads.append(threading.Thread(target=_work_and_close, args=(pk,)))
        threads[-1].start()
        wait_until(lambda: sessions_waiting_for_a_lock() == len(threads))

    with own_session() as session:
        session.execute("SELECT pg_advisory_xact_lock(%s)", [STOP_LOCK + 1])
        start_worker()
        let_lease_run_out()
        start_worker()
    for thread in threads:
        thread.join()
    job.refresh_from_db()
    assert (job.state, job.done, job.ranges.get().attempts) == ("done", 1, 2)
    assert written() == [1]


def _work_and_close(range_pk: int) -> None:
    write_numbers(range_pk)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_worker_at_work_renews_its_lease(written: Written, settings: Settings) -> None:
    settings.JOB_LEASE_SECONDS = 0.6
    pk = ask([[1]], stops_at=[1]).ranges.get().pk
    thread = threading.Thread(target=_work_and_close, args=(pk,))
    with own_session() as session:
        session.execute("SELECT pg_advisory_xact_lock(%s)", [STOP_LOCK + 1])
        thread.start()
        wait_until(lambda: sessions_waiting_for_a_lock() == 1)
        later = timezone.now() + datetime.timedelta(seconds=3)
        wait_until(lambda: JobRange.objects.filter(pk=pk, lease_until__gt=later).exists())
        assert requeue_ranges() == 0
    thread.join()
    assert JobRange.objects.get(pk=pk).state == "done"


def test_requeueing_takes_from_the_silent_and_tells_of_the_forgotten(written: Written, settings: Settings) -> None:
    settings.JOB_ATTEMPTS = 2
    silent, working, fresh, forgotten = ask([[1], [2], [3], [4]]).ranges.order_by("position")
    claim(silent.pk)
    let_lease_run_out()
    claim(working.pk)
    JobRange.objects.filter(pk=forgotten.pk).update(woken_at=timezone.now() - LONG_AGO)

    assert requeue_ranges() == 2
    assert requeue_ranges() == 0
    states = dict(JobRange.objects.values_list("position", "state"))
    assert states == {1: "queued", 2: "running", 3: "queued", 4: "queued"}

    claim(silent.pk)
    let_lease_run_out(pk=silent.pk)
    assert claim(silent.pk) is None
    assert requeue_ranges() == 0
    silent.refresh_from_db()
    assert silent.error == "The program that did it ended before it was done, 2 times."
    assert Job.objects.get().state == "running"
    for row in (fresh, forgotten):
        write_numbers(row.pk)
    let_lease_run_out()
    assert requeue_ranges() == 1
    write_numbers(working.pk)
    job = Job.objects.get()
    assert (job.state, job.done) == ("failed", 3)


def test_without_redis_work_is_written_down_all_the_same(written: Written) -> None:
    deaf = Celery("deaf", broker="redis+socket:///nowhere/redis.sock")
    deaf.set_current()
    try:
        job = ask([[1]])
    finally:
        app.set_current()
    assert work(job).state == "done"


def test_history_names_the_task_and_who_asked(db: None) -> None:
    @range_task("tests.rename")
    def rename(params: dict[str, Any], payload: list[int]) -> dict[str, int]:
        return {"renamed": User.objects.filter(pk__in=payload).update(name="New Name")}

    carol = person()
    job = start_job(task=rename, title="Rename", params={}, ranges=[[carol.pk]], by=carol)
    rename(job.ranges.get().pk)
    event = User.pgh_event_model.objects.filter(pgh_label="update").get()
    assert event.name == "New Name"
    assert event.pgh_context["task"] == "tests.rename"
    assert (event.pgh_context["user"], event.pgh_context["job"]) == (carol.pk, job.pk)


def test_the_portals_own_jobs_are_forgotten_after_a_while(written: Written, settings: Settings) -> None:
    settings.JOB_KEEP_DAYS = 1
    own, asked, fresh = work(ask([[1]])), work(ask([[2]], by=person())), work(ask([[3]]))
    Job.objects.filter(pk__in=[own.pk, asked.pk]).update(finished_at=timezone.now() - datetime.timedelta(days=2))
    assert delete_old_jobs() == 1
    assert set(Job.objects.all()) == {asked, fresh}
