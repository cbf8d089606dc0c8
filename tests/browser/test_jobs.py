"""Asking for a computation and watching it, in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kernel.accounts.models import User
from kernel.jobs.models import Job
from tests.browser.conftest import check_page
from tests.conftest import Cast, World
from vendors.scorecards.requesting import compute_range

pytestmark = pytest.mark.slow


def test_the_office_asks_for_scorecards_and_sees_them_come(
    cast: Cast, world: World, sign_in: Callable[[User], Page]
) -> None:
    page = sign_in(cast.cio)
    page.goto("/jobs/")
    check_page(page)
    page.get_by_role("link", name="Compute scorecards").click()
    check_page(page)
    page.get_by_label("First month").fill("2020-01")
    page.get_by_label("Number of months").fill("12")
    page.get_by_role("button", name="Compute drafts").click()
    expect(page.get_by_role("heading", name="Waiting")).to_be_visible()
    check_page(page)

    # Whoever works, the page that stands open says so by itself.
    job = Job.objects.get()
    compute_range(job.ranges.get().pk)
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Show the results").click()
    expect(page.get_by_role("heading", level=1, name="Scorecards")).to_be_visible()
    expect(page.get_by_role("link", name="Acme Cloud")).to_be_visible()


def test_a_failed_job_says_so_and_runs_again(cast: Cast, world: World, sign_in: Callable[[User], Page]) -> None:
    page = sign_in(cast.cio)
    page.goto("/scorecards/compute/?period_start=2020-01&months=3")
    page.get_by_role("button", name="Compute drafts").click()
    part = Job.objects.get().ranges.get()
    params = part.job.params
    Job.objects.update(params=params | {"methodology": 0})
    part.job.ranges.update(attempts=4)
    compute_range(part.pk)
    expect(page.get_by_role("heading", name="Not all of it could be done")).to_be_visible()
    check_page(page)

    Job.objects.update(params=params)
    page.get_by_role("button", name="Run again").click()
    expect(page.get_by_role("heading", name="Waiting")).to_be_visible()
    compute_range(part.pk)
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
