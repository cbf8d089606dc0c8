"""Scorecards asked for and published over the API."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kernel.accounts.models import User
from kernel.jobs.models import Job
from metrics.models import Methodology
from tests.api.test_permissions import bearer
from tests.conftest import JANUARY, Cast, World
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Scorecard

WANTED = {"period_start": "2020-07", "months": 12, "methodology": "default-1"}
Send = Callable[..., Any]


@pytest.fixture
def send(login: Callable[[User], Client]) -> Send:
    """Ask as somebody."""

    def write(what: str, user: User, body: object) -> Any:
        path = f"/api/v1/scorecards/{what}/"
        return login(user).post(path, json.dumps(body), content_type="application/json")

    return write


def test_computing_is_a_job_to_follow(cast: Cast, send: Send, client: Client) -> None:
    answer = send("compute", cast.cio, WANTED)
    assert answer.status_code == 202
    followed = client.get(answer.headers["Location"])
    assert followed.status_code == 200
    assert followed.json()["id"] == answer.json()["id"] == Job.objects.get().pk
    assert Job.objects.get().params["period_start"] == "2020-07-01"


def test_without_a_methodology_it_is_the_default(cast: Cast, send: Send) -> None:
    body = {name: value for name, value in WANTED.items() if name != "methodology"}
    default = Methodology.objects.filter(is_default=True).first()
    assert send("compute", cast.cio, body).status_code == (202 if default else 400)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"period_start": "2999-01"}, "period_start"),
        ({"period_start": "2020-07-01"}, "period_start"),
        ({"months": 0}, "months"),
        ({"months": 121}, "months"),
        ({"vendors": []}, "vendors"),
        ({"vendors": ["acme", "unheard-of"]}, "vendors"),
        ({"vendors": "acme"}, "vendors"),
        ({"methodology": "unheard-of"}, "methodology"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_what_cannot_be_computed(cast: Cast, send: Send, change: dict[str, Any], field: str) -> None:
    answer = send("compute", cast.cio, {**WANTED, **change})
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Job.objects.exists()


def test_a_manager_asks_for_assigned_vendors(cast: Cast, send: Send) -> None:
    assert send("compute", cast.manager, {**WANTED, "vendors": ["rival"]}).status_code == 403
    assert send("compute", cast.manager, {**WANTED, "vendors": ["acme"]}).status_code == 202
    assert send("compute", cast.agency_member, WANTED).status_code == 403


def test_an_integration_asks_as_its_owner(cast: Cast, client: Client) -> None:
    cast.integration.owner = cast.cio
    cast.integration.save()
    headers = bearer(cast.integration, "scorecards:write", by=cast.cio)
    body = json.dumps(WANTED)
    answer = client.post("/api/v1/scorecards/compute/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 202
    readers = bearer(cast.integration, "scorecards:read", by=cast.cio)
    refused = client.post("/api/v1/scorecards/compute/", body, content_type="application/json", headers=readers)
    assert refused.status_code == 403


def test_publishing(cast: Cast, world: World, send: Send) -> None:
    card = make_scorecard(world.acme, world.methodology, JANUARY)
    assert send("publish", cast.manager, {"scorecards": [card.pk]}).status_code == 403
    assert send("publish", cast.cio, {"scorecards": [card.pk, 99999999]}).status_code == 400
    assert send("publish", cast.cio, {"scorecards": [2**70]}).status_code == 400
    card.refresh_from_db()
    assert card.status == Scorecard.Status.DRAFT
    assert send("publish", cast.cio, {"scorecards": [card.pk]}).json() == {"published": 1}
    assert send("publish", cast.cio, {"scorecards": [card.pk]}).json() == {"published": 0}
    card.refresh_from_db()
    assert (card.status, card.published_by) == (Scorecard.Status.PUBLISHED, cast.cio)
