"""The parts pages are built from."""

import datetime
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from brm_portal.navigation import ACCOUNT, FOOTER, NAVIGATION, Group
from brm_portal.theme import check_colours, contrast_with_white
from kernel.accounts.models import User
from kernel.templatetags.ui import fiscal_quarter, grade_tone
from tests.conftest import Cast

ROOT = Path(settings.BASE_DIR)


def render(source: str, **context: object) -> str:
    return Template("{% load ui charts %}" + source).render(Context(context))


def test_a_grade_is_a_shape_and_a_word() -> None:
    shown = render("{% grade name %}", name="Very Good")
    assert "grade-very-good" in shown
    assert "Very Good" in shown


def test_no_grade_says_insufficient_evidence() -> None:
    assert "Insufficient evidence" in render("{% grade None %}")


@pytest.mark.parametrize(("position", "tone"), [(1, "unsatisfactory"), (2, "satisfactory"), (3, "exceptional")])
def test_grades_with_names_of_their_own_look_by_their_position(position: int, tone: str) -> None:
    assert grade_tone("Whatever", position, 3) == tone


def test_a_trend_says_its_direction_in_words() -> None:
    assert "down" in render("{% trend change %}", change=Decimal("-2.44"))
    assert "−2.4" in render("{% trend change %}", change=Decimal("-2.44"))
    assert "unchanged" in render("{% trend change %}", change=Decimal("0.01"))
    assert "no comparison" in render("{% trend change %}", change=None)


def test_coverage_below_the_minimum_says_so() -> None:
    assert "below the minimum" in render(
        "{% coverage_bar share minimum %}", share=Decimal("0.3"), minimum=Decimal("0.6")
    )
    assert "below the minimum" not in render(
        "{% coverage_bar share minimum %}", share=Decimal(1), minimum=Decimal("0.6")
    )


def test_text_from_people_is_escaped() -> None:
    assert "<script>" not in render("{% stat label=name value=name %}{% grade name %}", name="<script>")


@pytest.mark.parametrize(
    ("day", "start", "shown"),
    [
        (datetime.date(2020, 7, 1), 7, "Q1 FY2021"),
        (datetime.date(2021, 6, 30), 7, "Q4 FY2021"),
        (datetime.date(2020, 3, 1), 1, "Q1 FY2020"),
        (datetime.date(2020, 12, 1), 10, "Q1 FY2021"),
    ],
)
def test_fiscal_quarters_are_named_by_the_year_they_end_in(day: datetime.date, start: int, shown: str) -> None:
    assert fiscal_quarter(day, start) == shown


def test_how_long_ago() -> None:
    today = timezone.localdate()
    assert "today" in render("{{ day|ago }}", day=today)
    assert "ago" in render("{{ day|ago }}", day=today - datetime.timedelta(days=90))
    assert "in " in render("{{ day|ago }}", day=today + datetime.timedelta(days=90))


def test_a_sparkline_leaves_gaps_open() -> None:
    shown = render("{% sparkline values %}", values=[10, 20, None, 30, 40])
    assert shown.count("<polyline") == 2


def test_a_chart_is_a_table_of_its_figures() -> None:
    columns = [{"label": "Marginal", "tone": "marginal"}]
    rows = [{"label": "Q1", "cells": [{"value": 3, "href": "/x"}]}]
    shown = render(
        '{% stacked_chart label="Grades" head="Quarter" columns=columns rows=rows %}', columns=columns, rows=rows
    )
    assert '<a href="/x">3</a>' in shown
    assert "Show the figures" in shown


def test_no_template_has_inline_styles_or_handlers() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\sstyle=|\son(click|load|change|submit)=", text), path


def test_every_icon_that_templates_name_is_in_the_sprite() -> None:
    drawn = set(json.loads((ROOT / "front/icons.json").read_text()))
    drawn |= {path.stem for path in (ROOT / "front/icons").glob("*.svg")}
    for path in (ROOT / "templates").rglob("*.html"):
        named = set(re.findall(r'{% icon "([\w-]+)"|shape="([\w-]+)"', path.read_text()))
        missing = {name for pair in named for name in pair if name} - drawn
        assert not missing, (path, missing)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["cio", "manager", "agency_member", "vendor_member", "msi_member", "auditor"])
def test_every_place_in_the_navigation_opens_for_whom_it_is_shown(
    name: str, cast: Cast, login: Callable[[User], Client]
) -> None:
    user: User = getattr(cast, name)
    client = login(user)
    links = [link for entry in NAVIGATION for link in (entry.links if isinstance(entry, Group) else [entry])]
    shown = [link for link in [*links, *ACCOUNT, *FOOTER] if user.role in link.roles]
    assert len(shown) > 5
    for link in shown:
        assert client.get(reverse(link.url_name), follow=True).status_code == 200, link.url_name


def test_the_states_colours_come_as_a_stylesheet(client: Client) -> None:
    response = client.get(reverse("theme"))
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert settings.STATE_COLOR_PRIMARY in response.content.decode()


@pytest.mark.parametrize(
    ("colour", "contrast"), [("#ffffff", 1), ("#000000", 21), ("#777777", 4.48), ("#1a4480", 9.62), ("#ff0000", 4.0)]
)
def test_contrast_is_told_as_the_guidelines_do(colour: str, contrast: float) -> None:
    assert contrast_with_white(colour) == pytest.approx(contrast, abs=0.01)


def test_a_state_colour_that_nobody_can_read_is_told() -> None:
    assert not check_colours()
    with override_settings(STATE_COLOR_PRIMARY="#ffcc00"):
        [warning] = check_colours()
    assert "STATE_COLOR_PRIMARY #ffcc00 is too light" in warning.msg
