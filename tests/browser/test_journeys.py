"""What people come for, done as they do it."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import check_page, let_in
from tests.browser.scored import Scored
from tests.conftest import make_agency
from vendors.models import Scorecard

pytestmark = pytest.mark.slow


def heading(page: Page, words: str) -> None:
    """The page that is now open is headed by these words."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def test_the_office_goes_from_a_figure_to_what_was_measured(
    page: Page, scored: Scored, live_server: LiveServer
) -> None:
    let_in(page, scored.cast.cio, live_server.url).goto("/overview/")
    page.get_by_role("link", name="Vendors scored").click()
    heading(page, "Vendors")
    expect(page).to_have_url(re.compile("grade=any"))
    page.get_by_role("link", name="Acme Cloud").click()
    heading(page, "Acme Cloud")
    page.get_by_role("link", name="Why this score?").click()
    expect(page).to_have_url(re.compile(rf"/scorecards/{scored.published.pk}/"))
    page.locator("main").get_by_role("link", name="Indicator C-1-uptime").first.click()
    heading(page, "Indicator C-1-uptime")
    expect(page.locator("main")).to_contain_text("late")


def test_the_office_publishes_a_draft_and_reads_first_who_will_see_it(
    desk: Page, scored: Scored, live_server: LiveServer
) -> None:
    let_in(desk, scored.cast.cio, live_server.url).goto(scored.draft.get_absolute_url())
    desk.get_by_role("link", name="Publish").click()
    expect(desk.locator("main")).to_contain_text("Acme Cloud")
    expect(desk.locator("main")).to_contain_text("1 person of the vendor")
    check_page(desk)
    desk.get_by_role("button", name="Publish 1 scorecard").click()
    expect(desk.get_by_role("status")).to_contain_text("1 scorecard is published.")
    scored.draft.refresh_from_db()
    assert scored.draft.status == Scorecard.Status.PUBLISHED


def test_a_manager_who_was_overtaken_sees_both_versions_and_loses_none(
    page: Page, scored: Scored, live_server: LiveServer
) -> None:
    contract = scored.world.contract
    let_in(page, scored.cast.manager, live_server.url).goto(contract.get_absolute_url())
    page.get_by_role("link", name="Edit", exact=True).click()
    contract.title = "Hosting, as the office named it"
    contract.save()
    page.get_by_label("Title").fill("Hosting, as the manager names it")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Hosting, as the office named it")
    expect(page.get_by_label("Title")).to_have_value("Hosting, as the manager names it")
    check_page(page)
    page.get_by_role("button", name="Save this version").click()
    heading(page, "Hosting, as the manager names it")


def test_an_agency_finds_its_vendors_scorecard_with_others_lines_as_one_sum(
    page: Page, scored: Scored, live_server: LiveServer
) -> None:
    let_in(page, scored.cast.agency_member, live_server.url).goto("/scorecards/")
    page.locator("main").get_by_role("link", name="Acme Cloud").first.click()
    main = page.locator("main")
    expect(main).to_contain_text("Indicator C-1-uptime")
    expect(main).not_to_contain_text("C-3-quality")
    expect(main).to_contain_text("1 service level of a contract that you are not a party to contributes")
    page.goto("/vendors/?search=Rival")
    expect(page.locator("main")).not_to_contain_text("Rival Systems")


def test_a_long_list_keeps_what_was_chosen(desk: Page, scored: Scored, live_server: LiveServer) -> None:
    for number in range(15):
        make_agency(f"bureau-{number}", f"Bureau {number}")
    let_in(desk, scored.cast.cio, live_server.url).goto("/outcomes/permits/edit/")
    agency = desk.get_by_role("combobox", name="Agency")
    expect(agency).to_have_value("Department of Health")
    desk.get_by_role("button", name="Save").click()
    heading(desk, "Permits within a week")
    scored.outcome.refresh_from_db()
    assert scored.outcome.organization == scored.world.health

    desk.get_by_role("link", name="Edit", exact=True).click()
    agency.fill("Bureau 7")
    agency.press("Enter")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("main")).to_contain_text("Bureau 7")


def test_with_the_keyboard_alone(desk: Page, scored: Scored, live_server: LiveServer) -> None:
    let_in(desk, scored.cast.cio, live_server.url).goto("/contracts/")
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Skip to the main content")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#main")).to_be_focused()

    menu = desk.locator("nav summary", has_text="Vendors").first
    menu.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("link", name="Service levels", exact=True).first).to_be_visible()
    desk.keyboard.press("Escape")
    expect(menu).to_be_focused()

    desk.get_by_label("Name or code").focus()
    desk.keyboard.type("C-2")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile("search=C-2"))
    expect(desk.locator("tbody tr")).to_have_count(1)

    desk.get_by_role("link", name="Value", exact=True).focus()
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile("search=C-2.*sort=|sort=.*search=C-2"))

    desk.locator("#main").focus()
    desk.keyboard.press("/")
    expect(desk.get_by_role("searchbox", name="Search everything")).to_be_focused()
    desk.keyboard.type("permit")
    desk.keyboard.press("Enter")
    heading(desk, "Search for “permit”")
    desk.locator("main").get_by_role("link", name="Permits within a week").click()
    heading(desk, "Permits within a week")


def test_the_office_drafts_an_edition_with_letters_and_sees_what_it_would_change(
    page: Page, scored: Scored, live_server: LiveServer
) -> None:
    let_in(page, scored.cast.cio, live_server.url).goto(scored.world.methodology.get_absolute_url())
    page.get_by_role("link", name="New edition from this one").click()
    heading(page, "New edition")
    rules = page.locator("#rules")
    expect(rules).not_to_contain_text("They total")
    page.get_by_label("Outcomes").fill("50")
    expect(rules).to_contain_text("They total 90: 10 missing.")
    check_page(page)
    page.get_by_role("button", name="Remove grade 2").click()
    expect(page.get_by_role("textbox", name="Grade 5 *", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Add after grade 1").click()
    expect(page.get_by_role("textbox", name="Grade 2 *", exact=True)).to_be_focused()
    page.keyboard.type("Fair")
    page.get_by_label("Grade 2 starts at").fill("72")
    expect(rules).to_contain_text("“Satisfactory” does not start above “Fair”.")
    page.get_by_label("Grade 2 starts at").fill("60")
    page.get_by_label("Outcomes").fill("60")
    expect(rules.get_by_role("img", name="Does not hold")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("status")).to_contain_text("The edition is stored.")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("main")).to_contain_text("Scores that move most")
    page.get_by_role("link", name="Every vendor, with the difference per dimension").click()
    heading(page, "What this edition would change")
    expect(page.locator("main")).to_contain_text("Acme Cloud")
    check_page(page)


def test_without_script_grades_come_and_go_too(without_script: Page, scored: Scored, live_server: LiveServer) -> None:
    page = let_in(without_script, scored.cast.cio, live_server.url)
    page.goto("/methodologies/default-1/new-edition/")
    page.get_by_label("Name").fill("Typed before")
    page.get_by_role("button", name="Add after grade 5").click()
    expect(page.get_by_label("Name")).to_have_value("Typed before")
    page.get_by_role("textbox", name="Grade 6 *", exact=True).fill("Outstanding")
    page.get_by_label("Grade 6 starts at").fill("90")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#rules")).to_contain_text("“Outstanding” does not start above “Exceptional”.")
    page.get_by_label("Grade 6 starts at").fill("99")
    page.get_by_role("button", name="Save", exact=True).last.click()
    heading(page, "Typed before")


def test_without_script_everything_but_drawings_works(
    without_script: Page, scored: Scored, live_server: LiveServer
) -> None:
    page = let_in(without_script, scored.cast.cio, live_server.url)
    page.goto("/vendors/")
    page.get_by_label("Name or code").fill("acme")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Acme Cloud").click()
    expect(page.locator(".chart-data").first).to_be_visible()
    page.get_by_role("link", name="Why this score?").click()
    expect(page.locator("main")).to_contain_text("How this score was computed")

    page.goto(scored.world.contract.get_absolute_url())
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Title").fill("Hosting without script")
    page.get_by_role("button", name="Save").click()
    heading(page, "Hosting without script")
    page.get_by_role("link", name="Show: History").click()
    expect(page.locator("main")).to_contain_text("Hosting without script")
