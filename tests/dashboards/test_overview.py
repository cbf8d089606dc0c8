"""The CIO overview: its figures, the lists behind them, who may see it, and what it costs."""

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from brm_portal.dashboards import overview
from metrics.methodologies.scoring import add_months
from metrics.models import Outcome, OutcomeReading
from tests.conftest import Cast, World, make_contract, make_vendor
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Service, Vendor
from vendors.scorecards.periods import Edition, Editions

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]
YEAR_START = datetime.date(2020, 7, 1)
LAST_QUARTER = datetime.date(2021, 4, 1)
# The user; vendors by edition and grade; contracts in force, drafts, contracts that end soon, those held outside by
# agency; the methodology and its bands; vendors in all, fallers, spending; outcomes and those behind.
QUERIES = 13


@pytest.fixture
def scored(world: World, cast: Cast) -> World:
    """Acme fell from Very Good to Marginal, Rival lacks evidence; two more vendors have no scorecard."""
    make_vendor("fresh", "Fresh Start")
    for vendor, before, now, coverage in ((world.acme, 90, 60, "0.9"), (world.rival, 80, 81, "0.2")):
        make_scorecard(vendor, world.methodology, YEAR_START, 12, score=now, coverage=coverage, by=cast.cio)
        for start, score in ((add_months(LAST_QUARTER, -3), before), (LAST_QUARTER, now)):
            make_scorecard(vendor, world.methodology, start, 3, score=score, coverage=coverage, by=cast.cio)
    Service.objects.filter(pk=world.service.pk).update(yearly_spending=Decimal(2_500_000))
    return world


@pytest.fixture
def editions(scored: World, cast: Cast) -> Editions:
    return overview.published_editions(cast.cio, wanted=None)


def standings(cast: Cast) -> dict[Edition, overview.Standing]:
    return overview.standings(cast.cio, overview.methodologies(cast.cio))


def test_it_opens_with_the_twelve_months_that_end_with_the_latest_quarter(editions: Editions) -> None:
    assert editions.selected is not None
    assert (editions.selected.period.start, editions.selected.period.months) == (YEAR_START, 12)


def test_vendors_are_counted_at_their_grades_and_the_others_named(editions: Editions, cast: Cast) -> None:
    found = standings(cast)[editions.selected or pytest.fail("No edition is selected.")]
    assert (found.scored, found.with_evidence, overview.vendors(cast.cio)) == (2, 1, 4)
    assert found.mean_coverage == Decimal("0.55")


def test_drafts_and_superseded_scorecards_are_not_counted(editions: Editions, scored: World, cast: Cast) -> None:
    before = standings(cast)
    make_scorecard(scored.acme, scored.methodology, YEAR_START, 12, score=99, revision=2)
    assert standings(cast) == before
    assert overview.drafts(cast.cio) == 1


def test_without_a_year_before_the_last_quarters_are_compared(editions: Editions, scored: World, cast: Cast) -> None:
    compared = overview.comparable(editions.selected, editions.all)
    assert compared is not None
    assert compared.period.start == LAST_QUARTER
    fell = overview.fallers(cast.cio, compared)
    assert [(card.vendor, card.trend) for card in fell] == [(scored.acme, Decimal(-30))]


def test_spending_is_summed_by_the_providers_grade(editions: Editions, cast: Cast) -> None:
    [spent] = overview.spend(cast.cio, editions.selected)
    assert (spent.scored, spent.total, spent.services) == (True, Decimal(2_500_000), 1)


def test_outcomes_are_told_as_they_stood_when_the_period_ended(editions: Editions, scored: World, cast: Cast) -> None:
    for status in ("on_track", "at_risk"):
        outcome = Outcome.objects.create(code=status, name=status, organization=scored.health)
        OutcomeReading.objects.create(
            outcome=outcome, month=datetime.date(2021, 6, 1), attainment=80, coverage=1, status=status
        )
    Outcome.objects.create(code="silent", name="silent", organization=scored.health)
    counts = overview.outcomes(cast.cio, editions.selected)
    assert counts == {"on_track": 1, "at_risk": 1, "off_track": 0, "no_data": 1}
    assert [outcome.code for outcome in overview.outcomes_behind(cast.cio, editions.selected)] == ["at_risk"]


def test_contracts_that_end_soon_or_are_held_outside_are_counted(scored: World, cast: Cast) -> None:
    today = timezone.localdate()
    make_contract("C-3", scored.acme, scored.health, ends_on=today + datetime.timedelta(days=180))
    make_contract("C-4", scored.acme, scored.health, ends_on=today + datetime.timedelta(days=181))
    make_contract("C-5", scored.acme, scored.health, ends_on=today - datetime.timedelta(days=1))
    found = overview.holding(cast.cio)
    assert (found.contracts, found.ending, found.outside, found.open_ended) == (4, 1, 1, 2)
    assert [contract.number for contract in overview.ending_soon(cast.cio)] == ["C-3"]


def test_every_figure_leads_to_a_list_that_holds_as_many(scored: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    context = client.get(reverse("dashboards:overview")).context
    for row in context["grades"]:
        assert client.get(row["href"]).context["table"].paginator.count == row["vendors"], row
    for href, number in (
        (context["scored_href"], context["standing"].scored),
        (context["evidence_href"], context["standing"].with_evidence),
        (context["not_scored_href"], context["not_scored"]),
        (context["contract_links"]["ending"], context["holding"].ending),
        (context["contract_links"]["outside"], context["holding"].outside),
    ):
        assert client.get(href).context["table"].paginator.count == number, href
    for quarter in context["quarters"]:
        for cell in quarter["cells"]:
            assert client.get(cell["href"]).context["table"].paginator.count == cell["value"], cell
    for row in context["outcomes"]:
        assert client.get(row["href"]).context["table"].paginator.count == row["outcomes"], row


def test_the_office_is_told_of_drafts_and_led_to_them(scored: World, cast: Cast, login: Login) -> None:
    make_scorecard(scored.acme, scored.methodology, datetime.date(2021, 7, 1), 3)
    client = login(cast.cio)
    address = f"{reverse('vendors:scorecard_list')}?status=draft"
    assert f'href="{address}"' in client.get(reverse("dashboards:overview")).content.decode()
    assert client.get(address).context["table"].paginator.count == 1
    assert address not in login(cast.auditor).get(reverse("dashboards:overview")).content.decode()


def test_another_period_can_be_chosen(scored: World, cast: Cast, login: Login) -> None:
    page = login(cast.cio).get(reverse("dashboards:overview"), {"period": "2021-01--2021-03"})
    assert page.context["edition"].period.start == datetime.date(2021, 1, 1)


def test_an_empty_portal_says_what_comes(cast: Cast, login: Login) -> None:
    page = login(cast.cio).get(reverse("dashboards:overview")).content.decode()
    assert "No scorecards are published yet" in page


@pytest.mark.parametrize("role", ["agency_member", "vendor_member", "msi_member"])
def test_partners_do_not_find_it(role: str, cast: Cast, login: Login) -> None:
    assert login(getattr(cast, role)).get(reverse("dashboards:overview")).status_code == 404


def test_it_costs_the_same_however_much_there_is(scored: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("dashboards:overview"))
    for number in range(12):
        vendor: Vendor = make_vendor(f"more-{number}", f"More {number}")
        make_contract(f"M-{number}", vendor, scored.health, ends_on=timezone.localdate())
        make_scorecard(vendor, scored.methodology, YEAR_START, 12, score=90 - number, by=cast.cio)
        for start, score in ((add_months(LAST_QUARTER, -3), 90), (LAST_QUARTER, 80 - number)):
            make_scorecard(vendor, scored.methodology, start, 3, score=score, by=cast.cio)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("dashboards:overview"))
    assert len(many) == len(few) == QUERIES
