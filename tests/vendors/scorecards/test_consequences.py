"""What follows from a low grade: the watch list, a review before renewal, and who is told."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kernel.accounts.models import User
from kernel.notices.models import Notice
from tests.conftest import Cast, World
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Scorecard, StateRules
from vendors.scorecards.publishing import publish_scorecards

pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]
START = datetime.date(2020, 1, 1)
REASON = "Acme Cloud was graded"


def page(client: Client, row: object) -> str:
    return client.get(row.get_absolute_url()).content.decode()  # type: ignore[attr-defined]


def grade(world: World, cast: Cast, score: int, coverage: str = "0.9") -> Scorecard:
    return make_scorecard(world.acme, world.methodology, START, score=score, coverage=coverage, by=cast.cio)


def test_a_low_grade_is_told_with_its_reason_on_both_pages(world: World, cast: Cast, login: Login) -> None:
    grade(world, cast, 60)
    for person in (cast.cio, cast.manager, cast.auditor, cast.agency_member):
        client = login(person)
        assert f"{REASON} Marginal" in page(client, world.acme)
        assert "before this contract is renewed" in page(client, world.contract)


def test_vendors_and_integrators_read_nothing_of_it(world: World, cast: Cast, login: Login) -> None:
    grade(world, cast, 60)
    assert REASON not in page(login(cast.vendor_member), world.acme)
    assert REASON not in page(login(cast.vendor_member), world.contract)
    assert REASON not in page(login(cast.msi_member), world.acme)


@pytest.mark.parametrize(("score", "coverage"), [(75, "0.9"), (10, "0.1")])
def test_good_grades_and_too_little_evidence_have_none(
    score: int, coverage: str, world: World, cast: Cast, login: Login
) -> None:
    grade(world, cast, score, coverage)
    assert REASON not in page(login(cast.cio), world.acme)


def test_the_state_says_which_grades(world: World, cast: Cast, login: Login) -> None:
    grade(world, cast, 60)
    StateRules.current()
    StateRules.objects.update(watch_list_grades=0, review_grades=0, notice_grades=0)
    assert REASON not in page(login(cast.cio), world.acme)
    StateRules.objects.update(watch_list_grades=2)
    assert REASON in page(login(cast.cio), world.contract)
    assert "before this contract is renewed" not in page(login(cast.cio), world.contract)


def test_the_watch_list_is_a_filter_of_vendors(world: World, cast: Cast, login: Login) -> None:
    grade(world, cast, 60)
    make_scorecard(world.rival, world.methodology, START, score=80, by=cast.cio)
    client, address = login(cast.cio), reverse("vendors:vendor_list")
    found = {
        answer: [vendor.pk for vendor in client.get(address, {"watched": answer}).context["table"].data]
        for answer in ("true", "false")
    }
    assert found == {"true": [world.acme.pk], "false": [world.rival.pk]}


def test_publishing_tells_the_managers_of_the_agencies_served(world: World, cast: Cast) -> None:
    make_scorecard(world.acme, world.methodology, START, score=20)
    make_scorecard(world.acme, world.methodology, START, months=1, score=20)
    make_scorecard(world.rival, world.methodology, START, score=20)
    publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
    [notice] = Notice.objects.filter(person=cast.manager, text__contains="graded")
    assert notice.text == "Acme Cloud was graded Unsatisfactory for Q3 FY2020 (Jan 2020 – Mar 2020)."
    assert Notice.objects.filter(text__contains="graded").count() == 1


def test_a_better_grade_tells_nobody(world: World, cast: Cast) -> None:
    make_scorecard(world.acme, world.methodology, START, score=60)
    publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
    assert not Notice.objects.filter(text__contains="graded").exists()
