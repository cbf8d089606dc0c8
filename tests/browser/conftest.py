"""Journeys in a real Chromium against a real server: what a person meets, at a desk and on a telephone.

Without Chromium they are skipped with a line saying so; `BROWSER_TESTS=required` makes that a failure.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from kernel.accounts.models import User
from tests.browser.scored import Scored, make_scored
from tests.conftest import PASSWORD, Cast, World
from tests.resources import RESOURCES, sides

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}"
DESK, TELEPHONE = 1280, 320
WIDTHS = (DESK, TELEPHONE)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys of this process."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing = "Chromium is not installed: the journeys in a browser are left out."
        if os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would refuse queries beside it.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def scored(world: World, cast: Cast) -> Scored:
    """A small state with scorecards, and a row of whatever else there is."""
    scored = make_scored(world, cast)
    ours, _theirs = sides(world, cast)
    for entry in RESOURCES:
        if not entry.model._default_manager.exists():
            entry.make(ours)
    return scored


@contextmanager
def opened_page(browser: Browser, address: str, width: int, **options: Any) -> Iterator[Page]:
    """A page that knows axe-core; whatever it writes to its console as an error fails the test."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 900}, **options)
    page = context.new_page()
    page.add_init_script(path=AXE)
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A lost update answers with 409 on purpose, and the page shows why.
        if message.type == "error" and "409 (Conflict)" not in message.text:
            errors.append(f"{page.url}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    yield page
    context.close()
    assert errors == []


@pytest.fixture(params=WIDTHS, ids=[f"{width}px" for width in WIDTHS])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page at a desk and on a telephone."""
    with opened_page(browser, live_server.url, request.param) as page:
        yield page


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page at a desk."""
    with opened_page(browser, live_server.url, DESK) as page:
        yield page


@pytest.fixture
def without_script(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page where no script runs."""
    with opened_page(browser, live_server.url, DESK, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def sign_in(page: Page) -> Callable[[User], Page]:
    """Sign in through the form, as a person does."""

    def as_user(user: User) -> Page:
        page.goto("/accounts/login/")
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    return as_user


def let_in(page: Page, user: User, address: str) -> Page:
    """Give the page a session of the user's, without the form."""
    name, session = settings.SESSION_COOKIE_NAME, entered(Client(), user).cookies[settings.SESSION_COOKIE_NAME]
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": session.value, "url": address}])
    return page


def entered(client: Client, user: User) -> Client:
    """The client with a session of the user's."""
    client.force_login(user, backend="kernel.accounts.backends.PeopleBackend")
    return client


def problems(page: Page) -> list[str]:
    """What sticks out at this width, and what axe-core finds."""
    found = [f"{page.url} is wider than the screen"] if is_too_wide(page) else []
    for violation in page.evaluate(f"axe.run({RULES}).then(result => result.violations)"):
        found.append(f"{page.url}: {violation['id']}: {violation['nodes'][0]['html']}")
    return found


def is_too_wide(page: Page) -> bool:
    """Whether something sticks out; drawings take a moment to fit a new width."""
    for _ in range(10):
        if page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            return False
        page.wait_for_timeout(100)
    return True


def check_page(page: Page) -> None:
    """Nothing sticks out at this width, and axe-core finds nothing."""
    assert problems(page) == []
