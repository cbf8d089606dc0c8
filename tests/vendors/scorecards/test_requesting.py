"""A computation asked for as a job gives the same scorecards, none missing, none double, whatever falls meanwhile."""

import datetime
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from pytest_django import Settings

from kernel.access import Role
from kernel.accounts.models import User
from kernel.jobs.models import Job
from metrics.measurements.folding import fold_due
from metrics.models import Measurement, Methodology, MonthlyValue
from tests import random_state
from tests.conftest import Cast, World, make_methodology
from tests.workers import (
    LEASE_SECONDS,
    Workers,
    own_session,
    restart,
    sessions_waiting_for_a_lock,
    wait_until,
    workers_ready,
)
from vendors.models import Scorecard, ScorecardDimension, ScorecardLine, Vendor
from vendors.querysets.vendors import VendorQuerySet
from vendors.scorecards import requesting
from vendors.scorecards.computing import compute_scorecards
from vendors.scorecards.requesting import compute_range, request_scorecards
from vendors.tasks import keep_scored

START, MONTHS = datetime.date(2020, 1, 1), 12
Rows = list[tuple[Any, ...]]


def snapshot() -> Rows:
    """Everything that is stored of all scorecards, but for keys and the hour."""
    card = ("vendor__organization__code", "period_start", "months", "methodology", "revision")
    own = [f"scorecard__{name}" for name in card]
    figures = ("attainment", "coverage", "contribution", "segments", "months_with_data", "months_expected")
    return [
        *Scorecard.objects.order_by(*card).values_list(*card, "status", "score", "coverage", "grade", "digest"),
        *ScorecardDimension.objects.order_by(*own, "dimension").values_list(*own, "dimension", "score", "coverage"),
        *ScorecardLine.objects.order_by(*own, "service_level").values_list(*own, "service_level", "value", *figures),
    ]


def undisturbed(methodology: Methodology) -> Rows:
    """What one process alone computes; nothing of it stays."""
    with transaction.atomic():
        fold_due()
        compute_scorecards(period_start=START, months=MONTHS, methodology=methodology, vendors=Vendor.objects.all())
        rows = snapshot()
        transaction.set_rollback(True)
    assert len(rows) > 100
    return rows


def ask(methodology: Methodology, vendors: VendorQuerySet | None = None, by: User | None = None) -> Job:
    return request_scorecards(
        period_start=START,
        months=MONTHS,
        methodology=methodology,
        vendors=Vendor.objects.all() if vendors is None else vendors,
        by=by,
    )


def state_of(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def work(job: Job) -> Job:
    """Do what a worker does with each message."""
    for row in job.ranges.order_by("position"):
        compute_range(row.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def methodology(db: None, monkeypatch: pytest.MonkeyPatch) -> Methodology:
    """Thirty vendors with all that is odd about measuring, in ranges of four."""
    monkeypatch.setattr(requesting, "VENDORS_PER_RANGE", 4)
    excluder = User.objects.create_user("e@example.gov", name="E", role=Role.CIO_OFFICE)
    random_state.fill(random.Random(11), excluder)
    Methodology.objects.filter(is_default=True).update(is_default=False)
    return make_methodology("random")


# --- in one process --------------------------------------------------------------------------


def test_a_job_computes_what_one_process_computes(methodology: Methodology) -> None:
    expected = undisturbed(methodology)
    job = work(ask(methodology))
    assert snapshot() == expected
    assert (job.state, job.done, job.total) == ("done", 30, 30)
    created = Scorecard.objects.count()
    assert job.result == {"created": created, "overwritten": 0, "removed": 0, "unchanged": 30 - created}

    again = work(ask(methodology))
    assert again != job
    assert again.result == {"created": 0, "overwritten": 0, "removed": 0, "unchanged": 30}
    assert snapshot() == expected


def test_measurements_that_came_last_are_folded_first(methodology: Methodology) -> None:
    assert not MonthlyValue.objects.exists()
    work(ask(methodology))
    assert MonthlyValue.objects.exists()


def test_who_may_ask_and_for_whom(cast: Cast, world: World) -> None:
    acme = Vendor.objects.filter(pk=world.acme.pk)
    assert ask(world.methodology, by=cast.cio).total == Vendor.objects.count()
    assert ask(world.methodology, acme, by=cast.manager).requested_by == cast.manager
    for user, vendors in (
        (cast.manager, Vendor.objects.all()),
        (cast.auditor, acme),
        (cast.agency_member, acme),
        (cast.vendor_member, acme),
        (cast.integration, acme),
    ):
        with pytest.raises(PermissionDenied):
            ask(world.methodology, vendors, by=user)
    assert Job.objects.count() == 2


def test_the_clock_asks_for_closed_periods_that_have_data_and_keeps_them_current(world: World) -> None:
    keep_scored()
    assert not Job.objects.exists()

    today = datetime.datetime.now(tz=datetime.UTC).date()
    last_month = (today.replace(day=1) - datetime.timedelta(days=1)).replace(day=15)
    measurement = Measurement.objects.create(series=world.service_level.series, observed_on=last_month, value=96)
    keep_scored()
    keep_scored()
    month = Job.objects.get(params__months=1)
    work(month)
    card = Scorecard.objects.get(vendor=world.acme)
    assert card.score is not None

    measurement.value = 99
    measurement.save()
    keep_scored()
    again = Scorecard.objects.get(pk=card.pk)
    assert again.score is not None
    assert again.score > card.score
    assert list(Job.objects.filter(params__months=1)) == [month]


# --- with a real worker ----------------------------------------------------------------------


@pytest.fixture
def workers(methodology: Methodology, settings: Settings) -> Iterator[Workers]:
    settings.JOB_LEASE_SECONDS = LEASE_SECONDS
    with workers_ready() as workers:
        yield workers


def kill_and_replace(workers: Workers) -> None:
    workers.kill(workers.running[-1])
    workers.start()


DISTURBANCES = [
    pytest.param(kill_and_replace, id="a worker is killed"),
    pytest.param(lambda workers: restart("redis"), id="Redis loses everything", marks=pytest.mark.alone),
    pytest.param(lambda workers: restart("postgres"), id="PostgreSQL restarts", marks=pytest.mark.alone),
]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("disturb", DISTURBANCES)
def test_whatever_falls_amid_a_range_the_scorecards_are_the_same(
    disturb: Callable[[Workers], None], workers: Workers, methodology: Methodology
) -> None:
    expected = undisturbed(methodology)
    job = ask(methodology)
    with own_session() as session:
        # Scorecards are written by then, their lines are not.
        session.execute("LOCK TABLE vendors_scorecardline IN SHARE MODE")
        workers.start()
        wait_until(lambda: sessions_waiting_for_a_lock() > 0)
        assert not Scorecard.objects.exists()
        disturb(workers)
    wait_until(lambda: state_of(job) == "done")
    assert snapshot() == expected
    job.refresh_from_db()
    assert (job.done, job.result["created"]) == (30, Scorecard.objects.count())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_request_made_by_two_at_once_is_one_job(workers: Workers, methodology: Methodology) -> None:
    expected = undisturbed(methodology)
    jobs: list[Job] = []

    def ask_elsewhere() -> None:
        jobs.append(ask(methodology))
        connection.close()

    threads = [threading.Thread(target=ask_elsewhere) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Another request, for half of the vendors in other ranges, meets the first one at their rows.
    half = ask(methodology, Vendor.objects.filter(pk__in=Vendor.objects.order_by("-pk")[:15]))
    workers.start()
    wait_until(lambda: all(state_of(job) == "done" for job in (*jobs, half)))
    assert len({job.pk for job in jobs}) == 1
    assert snapshot() == expected
