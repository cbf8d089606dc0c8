"""Every page as every role, at a desk and on a telephone: accessible, no wider than the screen, no error.

Which pages there are is read from the URLconf, so that a new one is looked at or fails as unknown.
"""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from kernel.accounts.models import User
from tests.browser.conftest import DESK, TELEPHONE, let_in, problems
from tests.browser.routes import BEFORE_SIGNING_IN, OF_ONES_ACCOUNT, Route, addresses, routes, unknown_routes
from tests.browser.scored import Scored

pytestmark = pytest.mark.slow

# The office sees every page. A manager's and an auditor's pages are the same ones but for the way in.
OWN_WAY_IN = {"home"}
PARTNERS = ("agency_member", "vendor_member", "msi_member")


def test_every_entry_of_the_urlconf_is_known() -> None:
    assert unknown_routes() == []


def look_at(page: Page, where: list[str], widths: tuple[int, ...] = (DESK, TELEPHONE)) -> list[str]:
    """Open each address, look at it at each width and collect what is wrong."""
    found: list[str] = []
    for address in where:
        page.set_viewport_size({"width": DESK, "height": 900})
        response = page.goto(address)
        if response is None or not response.ok:
            found.append(f"{address}: {response and response.status}")
            continue
        load_panels(page)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{problem} (at {width} px)" for problem in problems(page)]
    return found


def load_panels(page: Page) -> None:
    """Let the parts that load when one scrolls to them arrive, for they belong to the page too."""
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("[hx-trigger=revealed], .htmx-request")).to_have_count(0)


def house_pages() -> list[Route]:
    return [route for route in routes() if route.is_page]


def own_pages(user: User, wanted: list[Route]) -> list[str]:
    return [address for route in wanted for address in addresses(route, user)]


def test_pages_before_signing_in(desk: Page, scored: Scored) -> None:
    where = [f"/{route.path}" for route in routes() if route.name in BEFORE_SIGNING_IN]
    assert look_at(desk, where) == []


def test_every_page_as_the_office(desk: Page, scored: Scored, live_server: LiveServer) -> None:
    office = scored.cast.cio
    missing = [
        route.name for route in house_pages() if office.role in view_roles(route) and not addresses(route, office)
    ]
    assert missing == [], "pages without a row to show them with: add one to tests/browser/scored.py"
    where = own_pages(office, house_pages())
    where += [f"/{route.path}" for route in routes() if route.name in OF_ONES_ACCOUNT]
    assert look_at(let_in(desk, office, live_server.url), where) == []


@pytest.mark.parametrize("role", PARTNERS)
def test_every_page_as_a_partner(role: str, desk: Page, scored: Scored, live_server: LiveServer) -> None:
    user = scored.cast.by_role()[role]
    # The office's walk has seen these pages at both widths; partners see less of them.
    assert look_at(let_in(desk, user, live_server.url), own_pages(user, house_pages()), (TELEPHONE,)) == []


@pytest.mark.parametrize("role", ["manager", "outsider"])
def test_the_way_in_of_others(role: str, desk: Page, scored: Scored, live_server: LiveServer) -> None:
    user = scored.cast.by_role()[role]
    where = own_pages(user, [route for route in house_pages() if route.name in OWN_WAY_IN])
    assert look_at(let_in(desk, user, live_server.url), where) == []


def view_roles(route: Route) -> frozenset[str]:
    roles: frozenset[str] = getattr(route.view, "open_to", frozenset())
    return roles
