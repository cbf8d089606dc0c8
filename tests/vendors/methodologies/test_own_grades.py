"""Grades by names of a state's own, more of them than the usual five, wherever grades show."""

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from metrics.editions.drafting import draft_edition
from metrics.methodologies.figures import Band
from metrics.models import Methodology
from tests.conftest import Cast, World
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Scorecard

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]
NAMES = ["F", "E", "D", "C", "B", "A", "A-star"]
# Position among seven → look: the ends are the ends of the usual five.
LOOKS = {"A-star": "exceptional", "F": "unsatisfactory", "C": "satisfactory"}
JANUARY, APRIL = datetime.date(2020, 1, 1), datetime.date(2020, 4, 1)


@pytest.fixture
def lettered(world: World, cast: Cast) -> tuple[Scorecard, Scorecard]:
    """Acme fell from the best grade to the worst by seven letters, and both are published."""
    Methodology.objects.filter(is_default=True).update(is_default=False)
    bands = [Band(Decimal(start), name) for start, name in zip((0, 30, 40, 50, 60, 80, 90), NAMES, strict=True)]
    drafted = Methodology(code="letters", name="Letters", is_default=True)
    methodology = draft_edition(methodology=drafted, bands=bands, by=cast.cio)
    return (
        make_scorecard(world.acme, methodology, JANUARY, score=95, by=cast.cio, lines={world.service_level: 95}),
        make_scorecard(world.acme, methodology, APRIL, score=20, by=cast.cio, lines={world.service_level: 20}),
    )


@pytest.mark.parametrize("role", ["cio", "manager", "agency_member", "vendor_member", "auditor"])
def test_every_page_shows_them_in_the_look_of_their_place(
    role: str, lettered: tuple[Scorecard, Scorecard], world: World, cast: Cast, login: Login
) -> None:
    client, (first, second) = login(cast.by_role()[role]), lettered
    shown = {
        first.get_absolute_url(): "A-star",
        second.get_absolute_url(): "F",
        world.acme.get_absolute_url(): "F",
        reverse("vendors:scorecard_list"): "A-star",
        reverse("vendors:vendor_list"): "F",
        reverse("home"): "F",
        first.methodology.get_absolute_url(): "C",
    }
    for url, name in shown.items():
        page = client.get(url, follow=True).content.decode()
        look = LOOKS[name]
        assert f'<span class="grade grade--{look} tone--{look}' in page, (url, name)
        assert f"</svg>{name}</span>" in page, (url, name)


def test_they_filter_and_stand_in_the_api(
    lettered: tuple[Scorecard, Scorecard], world: World, cast: Cast, login: Login
) -> None:
    client, url = login(cast.cio), reverse("vendors:vendor_list")
    assert "Acme Cloud" in client.get(url, {"grade": "F"}).content.decode()
    assert "Acme Cloud" not in client.get(url, {"grade": "A-star"}).content.decode().split("<table")[-1]
    card = client.get(f"/api/v1/scorecards/{lettered[0].pk}/").json()
    assert (card["grade"], card["grade_position"]) == ("A-star", 7)
