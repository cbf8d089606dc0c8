"""The way in and out, in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from kernel.accounts.models import User
from tests.browser.conftest import check_page
from tests.conftest import Cast

pytestmark = pytest.mark.slow


def test_a_person_signs_in_by_the_form(cast: Cast, sign_in: Callable[[User], Page]) -> None:
    page = sign_in(cast.cio)
    assert page.get_by_role("heading", level=1).is_visible()
    check_page(page)


def test_the_way_in_is_accessible(page: Page) -> None:
    page.goto("/accounts/login/")
    check_page(page)
    page.goto("/accounts/password/reset/")
    check_page(page)
