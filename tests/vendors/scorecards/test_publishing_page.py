"""Publishing: what the page says before, exactly what was shown afterwards, and nothing on an error."""

from collections.abc import Callable

import pytest
from django.test import Client

from kernel.accounts.models import User
from kernel.directory.models import Membership
from tests.conftest import LONG_AGO, Cast, World
from tests.vendors.conftest import Q1, Q2
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Scorecard

Login = Callable[..., Client]
PAGE = "/scorecards/publish/"
LIST = "/scorecards/"


@pytest.fixture
def drafts(world: World, cast: Cast) -> list[Scorecard]:
    return [make_scorecard(vendor, world.methodology, Q1) for vendor in (world.acme, world.rival)]


def chosen(page: object) -> str:
    return page.context["form"].initial["chosen"]  # type: ignore[attr-defined]


def test_the_page_says_what_it_means_and_who_will_see_it(
    drafts: list[Scorecard], world: World, cast: Cast, login: Login
) -> None:
    parent_member = User.objects.create_user("p@example.gov", name="Pat", role="agency_member")
    Membership.objects.create(user=parent_member, organization=world.cio_office, starts_on=LONG_AGO)
    world.health.parent = world.cio_office
    world.health.save()
    page = login(cast.cio).get(PAGE, {"scorecard": [card.pk for card in drafts]})
    reached = dict(page.context["cards"])
    acme = reached[drafts[0]]
    assert (acme.agencies, acme.vendor_people) == ({world.health.pk}, {cast.vendor_member})
    assert acme.agency_people == {cast.agency_member, parent_member}
    assert (len(reached[drafts[1]].agencies), len(reached[drafts[1]].agency_people)) == (1, 0)
    text = page.content.decode()
    assert "It cannot be taken back" in text
    assert "2 agencies" in text
    assert not Scorecard.objects.current().exists()


def test_what_was_shown_is_published(drafts: list[Scorecard], cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    page = client.get(PAGE, {"scorecard": [card.pk for card in drafts]})
    answer = client.post(PAGE, {"chosen": chosen(page)}, follow=True)
    assert "2 scorecards are published." in answer.content.decode()
    assert set(Scorecard.objects.current()) == set(drafts)
    assert {card.published_by for card in Scorecard.objects.current()} == {cast.cio}


def test_one_from_its_own_page_leads_back_to_it(drafts: list[Scorecard], cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    assert f"{PAGE}?scorecard={drafts[0].pk}" in client.get(drafts[0].get_absolute_url()).content.decode()
    page = client.get(PAGE, {"scorecard": drafts[0].pk})
    assert client.post(PAGE, {"chosen": chosen(page)}).headers["Location"] == drafts[0].get_absolute_url()


def test_a_later_revision_takes_the_place_of_the_earlier(world: World, cast: Cast, login: Login) -> None:
    first = make_scorecard(world.acme, world.methodology, Q1, by=cast.cio)
    second = make_scorecard(world.acme, world.methodology, Q1, revision=2)
    client = login(cast.cio)
    client.post(PAGE, {"chosen": chosen(client.get(PAGE, {"scorecard": second.pk}))})
    assert list(Scorecard.objects.current()) == [second]
    first.refresh_from_db()
    assert first.superseded_at is not None


def test_all_that_the_list_shows_can_be_chosen(drafts: list[Scorecard], world: World, cast: Cast, login: Login) -> None:
    later = make_scorecard(world.acme, world.methodology, Q2)
    client = login(cast.cio)
    assert client.get(LIST, {"period": "2020-01--2020-03"}).context["publishable"] == 2
    shown = client.get(PAGE, {"all": 1, "period": "2020-01--2020-03"}).context["cards"]
    assert {card for card, _audience in shown} == set(drafts)
    assert later in {card for card, _audience in client.get(PAGE, {"all": 1}).context["cards"]}


def test_figures_that_changed_meanwhile_are_not_published(drafts: list[Scorecard], cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    shown = chosen(client.get(PAGE, {"scorecard": [card.pk for card in drafts]}))
    drafts[1].score = 12
    drafts[1].save()
    answer = client.post(PAGE, {"chosen": shown})
    assert answer.status_code == 409
    assert "Nothing was published" in answer.content.decode()
    assert not Scorecard.objects.current().exists()
    # The page shows all of them afresh, so that one look and one press publish them.
    assert client.post(PAGE, {"chosen": chosen(answer)}).status_code == 302
    assert Scorecard.objects.current().count() == 2


@pytest.mark.parametrize("sent", ["", "nonsense", "1", "99999999:1"])
def test_nothing_chosen_or_nonsense_publishes_nothing(
    drafts: list[Scorecard], cast: Cast, login: Login, sent: str
) -> None:
    assert login(cast.cio).post(PAGE, {"chosen": sent}).status_code in (400, 409)
    assert not Scorecard.objects.current().exists()


def test_an_already_published_one_is_no_longer_offered(world: World, cast: Cast, login: Login) -> None:
    card = make_scorecard(world.acme, world.methodology, Q1, by=cast.cio)
    client = login(cast.cio)
    assert client.get(PAGE, {"scorecard": card.pk}).context["cards"] == []
    assert client.post(PAGE, {"chosen": f"{card.pk}:{card.version}"}).status_code == 409


def test_only_the_cio_office_publishes(drafts: list[Scorecard], cast: Cast, login: Login) -> None:
    for name, user in cast.by_role().items():
        if name in ("cio", "integration"):
            continue
        client = login(user)
        sent = ",".join(f"{card.pk}:{card.version}" for card in drafts)
        assert client.get(PAGE).status_code == client.post(PAGE, {"chosen": sent}).status_code == 404, name
        listed = client.get(LIST)
        assert "publishable" not in (listed.context or {}), name
    assert not Scorecard.objects.current().exists()


def test_the_list_shows_drafts_to_staff_alone(drafts: list[Scorecard], world: World, cast: Cast, login: Login) -> None:
    card = make_scorecard(world.acme, world.methodology, Q2, by=cast.cio)

    def listed(user: User, **query: str) -> set[Scorecard]:
        return {row.record for row in login(user).get(LIST, query).context["table"].rows}

    assert listed(cast.auditor) == {*drafts, card}
    assert listed(cast.agency_member) == listed(cast.vendor_member) == {card}
    assert listed(cast.outsider) == set()
    assert login(cast.msi_member).get(LIST).status_code == 404
    assert listed(cast.cio, status="draft", vendor="acme") == {drafts[0]}
    assert listed(cast.cio, grade="Satisfactory", methodology="default-1") == {*drafts, card}


def test_pages_cost_the_same_however_many(
    drafts: list[Scorecard], world: World, cast: Cast, login: Login, cost: Callable[[Client, str], int]
) -> None:
    client = login(cast.cio)
    urls = [f"{PAGE}?all=1", LIST]
    before = [cost(client, url) for url in urls]
    for months in range(4, 12):
        make_scorecard(world.rival, world.methodology, Q1, months)
    assert [cost(client, url) for url in urls] == before
    assert max(before) <= 18
