"""Jobs in pages: who finds them, how progress shows, running again, and asking for a computation."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kernel.jobs.models import Job, JobRange
from kernel.jobs.operations import start_job
from tests.conftest import Cast, World, make_vendor
from tests.jobs.worker import write_numbers
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]


def make_job(by: Any = None, title: str = "Scorecards for May 2020") -> Job:
    return start_job(task=write_numbers, title=title, params={}, ranges=[[1, 2], [3]], by=by, joins=False)


def finish(job: Job, state: str, **fields: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=timezone.now(), **fields)


def test_the_list_shows_each_their_own_and_the_office_all(cast: Cast, login: Login) -> None:
    make_job(cast.manager)
    make_job(None, "Scorecards for June 2020")
    url = reverse("jobs:job_list")
    for user, titles in ((cast.cio, 2), (cast.auditor, 2), (cast.manager, 1)):
        assert login(user).get(url).content.decode().count("Scorecards for") == titles
    assert login(cast.vendor_member).get(url).status_code == 404


def test_the_list_costs_the_same_however_many_jobs(cast: Cast, login: Login) -> None:
    client, url = login(cast.cio), reverse("jobs:job_list")
    make_job(cast.cio)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _ in range(10):
        make_job(cast.manager)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_the_pages_cost_the_same_however_many_parts_and_vendors(cast: Cast, login: Login) -> None:
    client, job = login(cast.cio), make_job(cast.cio)
    JobRange.objects.filter(job=job).update(state="failed", error="It cannot be done.")
    finish(job, "failed")
    urls = (job.get_absolute_url(), reverse("vendors:scorecard_compute"))

    def costs() -> list[int]:
        counts = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts.append(len(queries))
        return counts

    few = costs()
    rows = [JobRange(job=job, position=n, payload=[], state="failed", error="Nor can this.") for n in range(3, 9)]
    JobRange.objects.bulk_create(rows)
    for number in range(6):
        make_vendor(f"more-{number}", f"More {number}")
    assert costs() == few


def test_a_job_of_somebody_else_does_not_exist(cast: Cast, login: Login) -> None:
    job = make_job(cast.cio)
    assert login(cast.manager).get(job.get_absolute_url()).status_code == 404
    assert login(cast.manager).post(reverse("jobs:job_retry", args=[job.pk])).status_code == 404


def test_progress_asks_again_until_the_job_is_over_and_only_changes_are_sent(cast: Cast, login: Login) -> None:
    client, job = login(cast.cio), make_job(cast.cio)
    page = client.get(job.get_absolute_url()).content.decode()
    assert "Waiting" in page
    assert "0 of 3" in page
    assert f'hx-get="{job.get_absolute_url()}?seen=queued-0"' in page

    assert client.get(job.get_absolute_url(), {"seen": "queued-0"}).status_code == 204
    Job.objects.filter(pk=job.pk).update(state="running", done=2)
    part = client.get(job.get_absolute_url(), {"seen": "queued-0"}).content.decode()
    assert "2 of 3" in part
    assert "<html" not in part
    assert "?seen=running-2" in part

    finish(job, "done", done=3, result={"created": 3}, result_url="/scorecards/?status=draft")
    part = client.get(job.get_absolute_url(), {"seen": "running-2"}).content.decode()
    assert "hx-get" not in part
    assert "Created" in part
    assert 'href="/scorecards/?status=draft"' in part


def test_a_failed_job_says_why_and_runs_again(cast: Cast, login: Login) -> None:
    job = make_job(cast.manager)
    JobRange.objects.filter(job=job, position=2).update(state="failed", error="3 cannot be written.")
    JobRange.objects.filter(job=job, position=1).update(state="done")
    finish(job, "failed", done=2, error="1 of 2 parts failed. 3 cannot be written.")
    retry = reverse("jobs:job_retry", args=[job.pk])

    page = login(cast.auditor).get(job.get_absolute_url()).content.decode()
    assert "1 of 2 parts failed." in page
    assert "Run again" not in page
    assert login(cast.auditor).post(retry).status_code == 403

    assert "Run again" in login(cast.manager).get(job.get_absolute_url()).content.decode()
    assert login(cast.manager).get(retry).status_code == 405
    assert login(cast.manager).post(retry).headers["Location"] == job.get_absolute_url()
    job.refresh_from_db()
    assert (job.state, job.error) == ("queued", "")
    assert set(job.ranges.values_list("position", "state")) == {(1, "done"), (2, "queued")}


def asked(world: World, **fields: Any) -> dict[str, Any]:
    return {"period_start": "2020-01", "months": 12, "methodology": world.methodology.pk, **fields}


def test_the_office_asks_for_all_vendors(cast: Cast, world: World, login: Login) -> None:
    client, url = login(cast.cio), reverse("vendors:scorecard_compute")
    assert "Nothing is published" in client.get(url).content.decode()
    response = client.post(url, asked(world))
    job = Job.objects.get()
    assert response.headers["Location"] == job.get_absolute_url()
    assert (job.requested_by, job.total) == (cast.cio, Vendor.objects.count())
    assert "Jan 2020" in job.title
    assert client.post(url, asked(world)).headers["Location"] == job.get_absolute_url()


def test_a_manager_asks_for_assigned_vendors_only(cast: Cast, world: World, login: Login) -> None:
    client, url = login(cast.manager), reverse("vendors:scorecard_compute")
    page = client.get(url).content.decode()
    assert "Acme Cloud" in page
    assert "Rival Systems" not in page
    refused = client.post(url, asked(world, vendors=[world.rival.pk]))
    unknown = client.post(url, asked(world, vendors=[987654]))
    assert refused.status_code == unknown.status_code == 200
    assert not Job.objects.exists()
    client.post(url, asked(world))
    assert Job.objects.get().ranges.get().payload == [world.acme.pk]


def test_others_find_no_such_page(cast: Cast, login: Login) -> None:
    for user in (cast.auditor, cast.agency_member, cast.vendor_member, cast.msi_member):
        assert login(user).get(reverse("vendors:scorecard_compute")).status_code == 404


@pytest.mark.parametrize("wrong", [{"period_start": "2999-01"}, {"period_start": "May"}, {"months": 0}])
def test_what_is_no_period_is_refused(wrong: dict[str, Any], cast: Cast, world: World, login: Login) -> None:
    response = login(cast.cio).post(reverse("vendors:scorecard_compute"), asked(world, **wrong))
    assert response.status_code == 200
    assert "usa-error-message" in response.content.decode()
    assert not Job.objects.exists()
