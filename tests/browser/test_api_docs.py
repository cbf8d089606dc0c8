"""The API's documentation, in a browser: read it, fill in a form, read the answer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from kernel.accounts.models import User
from tests.browser.conftest import check_page
from tests.conftest import JANUARY, Cast, World
from tests.vendors.scorecards.cards import make_scorecard

pytestmark = pytest.mark.slow


def test_an_operation_is_found_and_tried(cast: Cast, world: World, sign_in: Callable[[User], Page]) -> None:
    make_scorecard(world.acme, world.methodology, JANUARY, by=cast.cio, lines={world.service_level: 80})
    page = sign_in(cast.agency_member)
    page.goto("/")
    page.get_by_role("link", name="API documentation").click()
    check_page(page)
    page.get_by_role("link", name="List scorecards").click()
    page.fill("[name=vendor]", "acme")
    page.fill("[name=period_start]", "2020-01")
    page.get_by_role("button", name="Send the request").click()
    page.get_by_role("heading", name="Answer: 200 OK").wait_for()
    assert '"grade": "Satisfactory"' in page.locator("pre.source").inner_text()
    check_page(page)
    page.fill("[name=vendor]", "rival")
    page.get_by_role("button", name="Send the request").click()
    page.get_by_role("heading", name="Answer: 400 Bad Request").wait_for()
    assert "that you may see" in page.locator("pre.source").inner_text()
