"""The list of service levels and one service level's page."""

import datetime
from collections.abc import Callable
from decimal import Decimal

from django.test import Client
from django.utils import timezone

from metrics.measurements.folding import fold_due
from metrics.models import Measurement, Target
from tests.conftest import JANUARY, Cast, World, make_service_level
from tests.vendors.conftest import Measured, measure

Login = Callable[..., Client]
LIST = "/service-levels/"


def codes(client: Client, **query: str) -> list[str]:
    return sorted(row.record.code for row in client.get(LIST, query).context["table"].rows)


def test_the_list_filters_by_what_is_missing_and_whose_it_is(measured: Measured, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    assert codes(client, missing="data") == ["C-1-silent", "C-2-uptime"]
    assert codes(client, missing="target") == ["C-1-untargeted"]
    assert codes(client, dimension="outcomes") == codes(client, search="outcome") == ["C-1-outcome"]
    assert codes(client, vendor="rival") == codes(client, contract="C-2") == ["C-2-uptime"]


def test_the_list_shows_target_and_latest_value(measured: Measured, cast: Cast, login: Login) -> None:
    rows = {row.record.code: row.record for row in login(cast.cio).get(LIST).context["table"].rows}
    uptime = rows["C-1-uptime"]
    assert (uptime.target, uptime.latest_value, uptime.latest_month) == (
        95,
        Decimal("92.5"),
        datetime.date(2020, 6, 1),
    )


def test_who_sees_which_service_levels(measured: Measured, world: World, cast: Cast, login: Login) -> None:
    of_acme = ["C-1-outcome", "C-1-silent", "C-1-untargeted", "C-1-uptime"]
    assert codes(login(cast.agency_member)) == of_acme
    assert codes(login(cast.vendor_member)) == codes(login(cast.msi_member)) == [*of_acme, "C-3-quality"]
    assert codes(login(cast.outsider)) == []
    url = world.other_service_level.get_absolute_url()
    assert login(cast.agency_member).get(url).status_code == 404
    assert login(cast.msi_member).get(url).status_code == 404


def test_the_page_holds_months_against_the_target_of_their_time(measured: Measured, cast: Cast, login: Login) -> None:
    Target.objects.create(
        series=measured.uptime.series, direction="higher", effective_from=datetime.date(2020, 6, 1), target=90
    )
    page = login(cast.cio).get(measured.uptime.get_absolute_url())
    months = {each.row.month: each for each in page.context["months"]}
    assert months[JANUARY].is_met is True
    assert months[datetime.date(2020, 5, 1)].is_met is False
    assert months[datetime.date(2020, 6, 1)].is_met is True
    assert [each["target"] for each in page.context["steps"]] == [95, 90]
    assert page.context["current"].target == 90


def test_months_before_the_first_target_are_not_judged(world: World, cast: Cast, login: Login) -> None:
    level = make_service_level("late", world.contract, targets={datetime.date(2020, 3, 1): (None, 5, None)})
    measure(level.series, [1, 9, 9])
    fold_due()
    months = login(cast.cio).get(level.get_absolute_url()).context["months"]
    assert [each.is_met for each in months] == [True, None, None]


def test_lower_is_better_is_judged_the_other_way(world: World, cast: Cast, login: Login) -> None:
    level = make_service_level("wait", world.contract, direction="lower", targets={JANUARY: (9, 5, 1)})
    measure(level.series, [4, 6])
    fold_due()
    page = login(cast.cio).get(level.get_absolute_url())
    assert [each.is_met for each in page.context["months"]] == [False, True]
    assert "Lower is better" in page.content.decode()


def test_excluded_measurements_are_struck_through_with_the_reason(measured: Measured, cast: Cast, login: Login) -> None:
    first = Measurement.objects.filter(series=measured.uptime.series).earliest("observed_on")
    first.excluded_at, first.excluded_by, first.exclusion_reason = timezone.now(), cast.cio, "The meter was broken"
    first.save()
    page = login(cast.cio).get(measured.uptime.get_absolute_url())
    assert "<del>97.5" in page.content.decode()
    assert [point["excluded"] for point in page.context["points"]].count("The meter was broken") == 1


def test_scorecards_it_fed_show_to_those_who_see_them(measured: Measured, cast: Cast, login: Login) -> None:
    url = measured.uptime.get_absolute_url()
    for user in (cast.cio, cast.agency_member, cast.vendor_member):
        shown = login(user).get(url).context["lines"]
        assert [line.scorecard for line in shown] == [measured.second, measured.first]
    msi = login(cast.msi_member).get(url)
    assert list(msi.context["lines"]) == []
    assert "Agreement C-1" not in msi.content.decode()


def test_names_show_and_links_only_where_the_page_is_open(measured: Measured, cast: Cast, login: Login) -> None:
    text = login(cast.msi_member).get(measured.uptime.get_absolute_url()).content.decode()
    assert 'href="/vendors/acme/"' in text
    assert "Department of Health" in text
    assert 'href="/agencies/health/"' not in text


def test_pages_cost_the_same_however_much_there_is(
    measured: Measured, world: World, cast: Cast, login: Login, cost: Callable[[Client, str], int]
) -> None:
    urls = [LIST, measured.uptime.get_absolute_url()]
    users = [cast.cio, cast.agency_member, cast.msi_member]
    before = [cost(login(user), url) for user in users for url in urls]
    for number in range(6):
        level = make_service_level(f"more-{number}", world.contract, targets={JANUARY: (1, 2, 3)})
        measure(level.series, [1, 2, 3])
    measure(measured.uptime.series, [90, 91], start=datetime.date(2021, 1, 1))
    assert [cost(login(user), url) for user in users for url in urls] == before
    assert max(before) <= 16
