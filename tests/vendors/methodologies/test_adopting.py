"""Using another methodology from a month on: later periods are computed again, earlier ones stay."""

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kernel.jobs.models import Job
from metrics.editions.drafting import draft_edition, next_edition
from metrics.methodologies.scoring import add_months
from metrics.models import Methodology, Outcome, OutcomeDue, OutcomeReading, OutcomeSeries
from metrics.outcomes.reading import refresh_outcome_readings
from tests.conftest import Cast, World
from tests.metrics.editions.test_editions import LETTERS
from tests.vendors.conftest import Q1, Q2, Measured
from vendors.methodologies.adopting import periods_to_judge, use_methodology
from vendors.models import Scorecard
from vendors.scorecards.computing import last_closed_periods, periods_due
from vendors.scorecards.periods import Period

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]


@pytest.fixture
def edition(measured: Measured, world: World, cast: Cast) -> Methodology:
    """An edition by which meeting a target earns 90."""
    begun = next_edition(world.methodology)
    begun.score_at_target = Decimal(90)
    return draft_edition(methodology=begun, bands=LETTERS, by=cast.cio)


def test_it_becomes_the_default_and_later_periods_are_asked_for(edition: Methodology, world: World, cast: Cast) -> None:
    before = list(Scorecard.objects.order_by("pk").values())
    (job,) = use_methodology(methodology=edition, from_month=Q2, by=cast.cio)
    assert job.params == {"period_start": "2020-04-01", "months": 3, "methodology": edition.pk}
    assert job.requested_by == cast.cio
    edition.refresh_from_db()
    world.methodology.refresh_from_db()
    assert (edition.is_default, edition.in_use_from, world.methodology.is_default) == (True, Q2, False)
    assert edition.first_used_at is not None
    assert list(Scorecard.objects.order_by("pk").values()) == before


def test_from_an_early_month_every_period_is_computed_again(edition: Methodology, cast: Cast) -> None:
    jobs = use_methodology(methodology=edition, from_month=Q1, by=cast.cio)
    assert [job.params["period_start"] for job in jobs] == ["2020-01-01", "2020-04-01"]


def test_open_periods_and_other_methodologies_are_left_alone(edition: Methodology, world: World) -> None:
    running = timezone.localdate().replace(day=1)
    Scorecard.objects.create(
        vendor=world.acme,
        period_start=running,
        months=3,
        methodology=world.methodology,
        coverage=0,
        digest="0" * 64,
        computed_at=timezone.now(),
    )
    assert list(periods_to_judge(edition)) == [Period(Q2, 3), Period(Q1, 3)]
    assert list(periods_to_judge(world.methodology)) == []


def test_outcomes_follow_the_default(edition: Methodology, measured: Measured, world: World, cast: Cast) -> None:
    outcome = Outcome.objects.create(code="faster", organization=world.health, name="Faster")
    OutcomeSeries.objects.create(outcome=outcome, series=measured.uptime.series)
    refresh_outcome_readings()
    year_end = OutcomeReading.objects.get(outcome=outcome, month=datetime.date(2020, 12, 1))
    use_methodology(methodology=edition, from_month=Q2, by=cast.cio)
    assert OutcomeDue.objects.filter(outcome=outcome).exists()
    refresh_outcome_readings()
    after = OutcomeReading.objects.get(pk=year_end.pk)
    assert after.attainment is not None
    assert year_end.attainment is not None
    assert after.attainment > year_end.attainment


def test_what_closes_is_judged_by_what_was_the_default_when_it_began(
    edition: Methodology, world: World, cast: Cast
) -> None:
    months = Methodology.objects.all()
    assert months.for_periods_from(Q1) == world.methodology
    use_methodology(methodology=edition, from_month=Q2, by=cast.cio)
    assert months.for_periods_from(Q1) == world.methodology
    assert months.for_periods_from(Q2) == edition
    third = draft_edition(methodology=next_edition(edition), bands=LETTERS, by=cast.cio)
    use_methodology(methodology=third, from_month=add_months(Q2, 6), by=cast.cio)
    judged = [months.for_periods_from(add_months(Q1, n)) for n in (0, 3, 8, 9)]
    assert judged == [world.methodology, edition, edition, third]


def test_beat_asks_for_closed_periods_by_the_methodology_of_their_time(
    edition: Methodology, world: World, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "vendors.scorecards.computing.last_closed_periods", lambda: last_closed_periods(datetime.date(2020, 7, 9))
    )
    use_methodology(methodology=edition, from_month=Q2, by=cast.cio)
    due = {(each.period_start, each.months): each.methodology for each in periods_due()}
    assert due == {
        (datetime.date(2020, 6, 1), 1): edition,
        (Q2, 3): edition,
        (datetime.date(2019, 7, 1), 12): world.methodology,
    }


def test_twice_is_refused_and_so_are_others(edition: Methodology, cast: Cast) -> None:
    for by in (cast.manager, cast.auditor, cast.agency_member):
        with pytest.raises(PermissionDenied):
            use_methodology(methodology=edition, from_month=Q2, by=by)
    use_methodology(methodology=edition, from_month=Q2, by=cast.cio)
    with pytest.raises(ValidationError, match="default already"):
        use_methodology(methodology=edition, from_month=Q1, by=cast.cio)


def test_a_page_says_what_will_happen_and_does_it(edition: Methodology, cast: Cast, login: Login) -> None:
    client, url = login(cast.cio), reverse("vendors:methodology_use", args=[edition.code])
    page = client.get(url, {"from_month": "2020-02"}).content.decode()
    assert "in place of default-1 1, for periods that start in Feb 2020 or later" in page
    assert "1 closed period is computed with it as drafts" in page
    assert "1 earlier period stays as it is" in page
    assert "form__actions" in client.get(url, {"from_month": "nonsense"}).content.decode()
    answer = client.post(url, {"from_month": "2020-02"}, follow=True).content.decode()
    assert "Drafts of 1 period are being computed" in answer
    assert "default for periods from Feb 2020 on" in answer
    assert Job.objects.count() == 1
    assert "default already" in client.get(url).content.decode()
    assert "default already" in client.post(url, {"from_month": "2020-02"}, follow=True).content.decode()
