"""What other systems are told of: each event once, in the transaction of what it tells, by the rights of an account."""

import datetime
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kernel.accounts.models import User
from kernel.jobs.models import Job, State
from kernel.jobs.operations import follow_job
from kernel.webhooks.models import Delivery, Endpoint
from kernel.webhooks.operations import create_endpoint, switch_off
from tests.conftest import JANUARY, Cast, World, make_contract, make_vendor
from tests.vendors.scorecards.cards import make_scorecard
from vendors.contracts.telling import tell_of_ending
from vendors.models import Contract, Scorecard
from vendors.scorecards.publishing import publish_scorecards

JULY = datetime.date(2020, 7, 1)
OCTOBER = datetime.date(2020, 10, 1)


def told() -> list[tuple[str, dict[str, object]]]:
    """Every message in the outbox, by event."""
    rows = Delivery.objects.order_by("event", "key").values_list("event", "body")
    return [(event, json.loads(body)["data"]) for event, body in rows]


def publish(cast: Cast, *cards: Scorecard) -> None:
    publish_scorecards(scorecards=Scorecard.objects.filter(pk__in=[card.pk for card in cards]), by=cast.cio)


def test_a_published_scorecard(cast: Cast, world: World, endpoint: Endpoint) -> None:
    card = make_scorecard(world.acme, world.methodology, JULY, 3, score=Decimal("81.5"))
    publish(cast, card)
    ((event, data),) = told()
    assert event == "scorecard.published"
    assert data == {
        "scorecard": card.pk,
        "path": f"/api/v1/scorecards/{card.pk}/",
        "vendor": {"code": "acme", "name": "Acme Cloud"},
        "period_start": "2020-07",
        "months": 3,
        "methodology": "default-1",
        "revision": 1,
        "score": "81.500000000",
        "coverage": str(Scorecard.objects.get().coverage),
        "grade": "Satisfactory",
    }
    publish(cast, card)
    assert len(told()) == 1


def test_the_message_is_an_envelope_of_the_convention(cast: Cast, world: World, endpoint: Endpoint) -> None:
    publish(cast, make_scorecard(world.acme, world.methodology, JULY, 3))
    envelope = json.loads(Delivery.objects.get().body)
    assert set(envelope) == {"type", "timestamp", "data"}
    assert datetime.datetime.fromisoformat(envelope["timestamp"]).tzinfo is not None


@pytest.mark.parametrize(("score", "fell"), [(40, True), (75, False), (80, False), (96, False)])
def test_a_grade_that_fell(cast: Cast, world: World, endpoint: Endpoint, score: int, fell: bool) -> None:
    publish(cast, make_scorecard(world.acme, world.methodology, JULY, 3, score=80))
    Delivery.objects.all().delete()
    publish(cast, make_scorecard(world.acme, world.methodology, OCTOBER, 3, score=score))
    found = dict(told())
    assert ("scorecard.grade_fell" in found) is fell
    if fell:
        data = found["scorecard.grade_fell"]
        assert (data["grade_before"], data["grade"]) == ("Satisfactory", "Unsatisfactory")


def test_a_transaction_that_fails_tells_nothing(cast: Cast, world: World, endpoint: Endpoint) -> None:
    card = make_scorecard(world.acme, world.methodology, JULY, 3)
    with transaction.atomic():
        publish(cast, card)
        transaction.set_rollback(True)
    assert told() == []


@pytest.mark.parametrize(
    ("name", "sees"),
    [("manager", 2), ("agency_member", 1), ("vendor_member", 1), ("msi_member", 0), ("integration", 1)],
)
def test_it_is_told_of_what_its_account_may_see(cast: Cast, world: World, name: str, sees: int) -> None:
    account: User = cast.by_role()[name]
    create_endpoint(
        name="W", url="https://example.org/", event_types=["scorecard.published"], acts_for=account, by=cast.cio
    )
    cards = [make_scorecard(vendor, world.methodology, JULY, 3) for vendor in (world.acme, world.rival)]
    publish(cast, *cards)
    assert len(told()) == sees


def test_nobody_is_told_for_a_closed_account(cast: Cast, world: World) -> None:
    create_endpoint(
        name="W", url="https://example.org/", event_types=["scorecard.published"], acts_for=cast.manager, by=cast.cio
    )
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    publish(cast, make_scorecard(world.acme, world.methodology, JULY, 3))
    assert told() == []


def test_only_those_that_are_on_and_asked_for_it(cast: Cast, world: World, endpoint: Endpoint) -> None:
    Endpoint.objects.update(event_types=["job.finished"])
    publish(cast, make_scorecard(world.acme, world.methodology, JULY, 3))
    assert told() == []
    Endpoint.objects.update(event_types=["scorecard.published"])
    switch_off(endpoint=endpoint, by=cast.cio)
    publish(cast, make_scorecard(world.rival, world.methodology, JULY, 3))
    assert told() == []


def test_publishing_many_takes_as_many_queries_as_publishing_one(cast: Cast, world: World, endpoint: Endpoint) -> None:
    counted = []
    for number in (1, 6):
        vendors = [make_vendor(f"v-{number}-{n}", "V") for n in range(number)]
        cards = [make_scorecard(vendor, world.methodology, JULY, 3) for vendor in vendors]
        with CaptureQueriesContext(connection) as queries:
            publish(cast, *cards)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_a_job_that_is_over(cast: Cast, world: World, endpoint: Endpoint) -> None:
    job = Job.objects.create(kind="test", title="Scorecards", requested_by=cast.cio, total=1)
    part = job.ranges.create(position=1, payload=[1], result={"created": 2})
    follow_job(job.pk)
    assert told() == []
    job.ranges.filter(pk=part.pk).update(state=State.DONE)
    follow_job(job.pk)
    ((event, data),) = told()
    assert event == "job.finished"
    assert (data["job"], data["state"], data["result"]) == (job.pk, "done", {"created": 2})


def test_contracts_that_end_soon_are_told_once_for_each_number_of_days(
    cast: Cast, world: World, endpoint: Endpoint
) -> None:
    today = timezone.localdate()
    for number, days in {"yesterday": -1, "today": 0, "soon": 30, "later": 31, "then": 90, "far": 91}.items():
        make_contract(number, world.acme, world.health, ends_on=today + timedelta(days=days))
    tell_of_ending()
    tell_of_ending()
    assert {(data["contract"], data["within_days"]) for _event, data in told()} == {
        ("today", 30),
        ("soon", 30),
        ("later", 90),
        ("then", 90),
    }
    # As days go by, a contract comes within the next number; a new end is news again.
    Contract.objects.filter(number="later").update(ends_on=today + timedelta(days=29))
    tell_of_ending()
    assert {data["within_days"] for _event, data in told() if data["contract"] == "later"} == {30, 90}


def test_scorecards_of_a_draft_are_no_news(cast: Cast, world: World, endpoint: Endpoint) -> None:
    make_scorecard(world.acme, world.methodology, JANUARY)
    assert told() == []
