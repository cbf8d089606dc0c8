"""The scorecard's page: does it explain the score, to each reader as far as it may see?"""

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.test import Client

from metrics.models import Measurement
from tests.conftest import Cast, World, make_vendor
from tests.vendors.conftest import Q1, Q2, Measured, compute
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Scorecard
from vendors.scorecards.explaining import Explanation

Login = Callable[..., Client]


def total(figures: Iterable[Decimal | None]) -> Decimal:
    return sum((figure for figure in figures if figure is not None), Decimal(0))


def close(one: Decimal, other: Decimal | None) -> bool:
    return other is not None and abs(one - other) < Decimal("1e-6")


def explanation(client: Client, card: Scorecard, **query: str) -> Explanation:
    return client.get(card.get_absolute_url(), query).context["explanation"]


def test_it_says_in_words_what_moved_the_score(measured: Measured, cast: Cast, login: Login) -> None:
    told = explanation(login(cast.cio), measured.first).headline
    # Outcomes: 75 × (70 − 60) ÷ 20 = 37.5. Service quality: (3 × 87.5 + 1 × 75) ÷ 4 = 84.375. 60 : 40 is 56.25.
    assert told == (
        "56.2 of 100: Marginal. Pulled up by service quality (84.4), held down by outcomes (37.5). "
        "76% of the evidence expected was there."
    )


def test_contributions_and_losses_add_up(measured: Measured, cast: Cast, login: Login) -> None:
    for card in (measured.first, measured.second):
        told = explanation(login(cast.cio), card)
        assert close(total(each.line.contribution for each in told.lines), card.score)
        assert close(total(each.lost for each in told.lines), told.lost)
        assert close(total(each.points for each in told.scored), card.score)
        for dimension in told.scored:
            assert close(total(each.lost for each in dimension.lines), dimension.lost)


def test_the_biggest_loss_comes_first_and_columns_sort(measured: Measured, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    page = client.get(measured.first.get_absolute_url())
    assert [each.row.dimension for each, _table in page.context["tables"]] == ["outcomes", "service_quality"]
    lines = [row.record for row in page.context["tables"][1][1].rows]
    assert lines[0].lost == max(each.lost for each in lines if each.lost is not None)
    by_weight = client.get(measured.first.get_absolute_url(), {"sort": "counts"}).context["tables"][1][1]
    assert by_weight.rows[0].record.line.service_level == measured.of_parks


def test_the_numbers_of_the_method_are_filled_in(measured: Measured, cast: Cast, login: Login) -> None:
    page = login(cast.cio).get(measured.first.get_absolute_url()).content.decode()
    assert "(3 × 87.5 + 1 × 75.0) ÷ (3 + 1)" in page
    assert "60 ÷ 100 × 37.5 = 22.5 points" in page
    assert measured.first.digest in page


def test_it_names_what_is_missing_and_how_old_the_data_is(measured: Measured, cast: Cast, login: Login) -> None:
    told = explanation(login(cast.cio), measured.second)
    assert [each.line.service_level for each in told.without_data] == [measured.silent]
    assert [each.line.service_level for each in told.without_target] == [measured.without_target]
    assert told.latest_months[0] == datetime.date(2020, 5, 1)
    assert told.evidence_in_words == "4 of 5 service levels have data in this period."


def test_it_shows_what_changed_since_the_period_before(measured: Measured, cast: Cast, login: Login) -> None:
    told = explanation(login(cast.cio), measured.second)
    assert told.before == measured.first
    assert told.score_change == measured.rise
    assert {each.dimension: each.change for each in told.dimension_changes}["outcomes"] == Decimal("37.5")
    assert [each.service_level for each in told.changes][:2] == [measured.outcome, measured.uptime]
    assert explanation(login(cast.cio), measured.first).before is None


def test_a_revision_says_what_moved_and_by_how_much(measured: Measured, world: World, cast: Cast, login: Login) -> None:
    Measurement.objects.filter(series=measured.uptime.series, observed_on__lt=Q2).update(value=100)
    revision = compute(world, Q1)
    assert (revision.revision, revision.status) == (2, "draft")
    client = login(cast.cio)
    told = explanation(client, revision)
    assert told.replaced == measured.first
    assert [each.service_level for each in told.revised] == [measured.uptime]
    assert told.revised[0].attainment_change == Decimal("12.5")
    page = client.get(measured.first.get_absolute_url())
    assert page.context["newer"] == revision
    assert login(cast.vendor_member).get(measured.first.get_absolute_url()).context["newer"] is None


def test_the_median_of_the_segment_needs_five_vendors(
    measured: Measured, world: World, cast: Cast, login: Login
) -> None:
    url = measured.first.get_absolute_url()
    page = login(cast.cio).get(url)
    assert page.context["median"] is None
    assert "would name one of them" in page.content.decode()
    for score in (10, 20, 30, 40):
        make_scorecard(make_vendor(f"v{score}", f"V{score}"), world.methodology, Q1, score=score, by=cast.cio)
    assert login(cast.agency_member).get(url).context["median"] == 30


def test_an_agency_sees_its_own_lines_and_all_others_as_one_sum(measured: Measured, cast: Cast, login: Login) -> None:
    page = login(cast.agency_member).get(measured.first.get_absolute_url())
    told = page.context["explanation"]
    shown = {each.line.service_level for each in told.lines}
    assert shown == {measured.uptime, measured.outcome, measured.silent, measured.without_target}
    assert told.hidden_lines == 1
    own = total(each.line.contribution for each in told.lines)
    assert close(told.hidden_contribution + own, measured.first.score)
    text = page.content.decode()
    assert measured.of_parks.code not in text
    assert "(3 × 87.5" not in text
    assert "Carol" not in text
    assert "by the CIO&#x27;s office" in text or "by the CIO's office" in text


def test_who_may_read_which_scorecards(measured: Measured, world: World, cast: Cast, login: Login) -> None:
    draft = make_scorecard(world.acme, world.methodology, Q1, 12)
    other = make_scorecard(world.rival, world.methodology, Q1, by=cast.cio)
    expected = {
        "cio": (200, 200, 200),
        "manager": (200, 200, 200),
        "auditor": (200, 200, 200),
        "agency_member": (200, 404, 404),
        "vendor_member": (200, 404, 404),
        "msi_member": (404, 404, 404),
        "outsider": (404, 404, 404),
    }
    for name, statuses in expected.items():
        client = login(cast.by_role()[name])
        found = tuple(client.get(card.get_absolute_url()).status_code for card in (measured.first, draft, other))
        assert found == statuses, name


def test_scorecards_without_score_or_evidence_explain_themselves(world: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    empty = make_scorecard(world.acme, world.methodology, Q1, score=None, coverage=0, lines={world.service_level: None})
    assert explanation(client, empty).headline.startswith("No score: no service level has both data and a target.")
    thin = make_scorecard(world.acme, world.methodology, Q2, score=73, coverage="0.25", lines={world.service_level: 73})
    assert explanation(client, thin).headline == (
        "Insufficient evidence for a grade; what there is scores 73.0 of 100. It rests on service quality alone. "
        "25% of the evidence expected was there; a grade needs 60%."
    )


def test_the_page_costs_the_same_however_many_lines(
    measured: Measured, world: World, cast: Cast, login: Login, cost: Callable[[Client, str], int]
) -> None:
    small = make_scorecard(world.rival, world.methodology, Q1, by=cast.cio, lines={world.other_service_level: 80})
    make_scorecard(world.rival, world.methodology, datetime.date(2019, 10, 1), by=cast.cio)
    client = login(cast.cio)
    assert cost(client, measured.second.get_absolute_url()) == cost(client, small.get_absolute_url()) <= 18
    for user in (cast.agency_member, cast.vendor_member):
        assert cost(login(user), measured.second.get_absolute_url()) <= 18
