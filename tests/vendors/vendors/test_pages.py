"""The list of vendors and one vendor's page: what they say, to whom, and what they cost."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
import tablib
from django.test import Client
from django.urls import reverse

from kernel.directory.models import Organization
from tests.conftest import Cast, World, make_contract, make_service_level, make_vendor
from tests.vendors.conftest import Q1, Q2, Measured
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Service, Subscription, Vendor

Login = Callable[..., Client]
LIST = "/vendors/"


def names(client: Client, **query: str) -> list[str]:
    return [str(row.record) for row in client.get(LIST, query).context["table"].rows]


def test_the_list_shows_the_latest_period_and_any_other_by_the_address(
    measured: Measured, world: World, cast: Cast, login: Login
) -> None:
    client = login(cast.cio)
    page = client.get(LIST)
    assert page.context["view"].editions.selected.period.start == Q2
    acme = next(row.record for row in page.context["table"].rows if row.record.pk == world.acme.pk)
    assert (acme.scorecard, acme.trend) == (measured.second.pk, measured.rise)
    earlier = client.get(LIST, {"period": "2020-01--2020-03"})
    assert earlier.context["view"].editions.selected.period.start == Q1
    assert measured.first.get_absolute_url() in earlier.content.decode()


def test_it_filters_by_every_question_it_offers(measured: Measured, world: World, cast: Cast, login: Login) -> None:
    make_scorecard(make_vendor("thin", "Thin Air"), world.methodology, Q2, coverage="0.1", by=cast.cio)
    Vendor.objects.filter(pk=world.rival.pk).update(kind="internal", segment="strategic")
    client = login(cast.cio)
    assert names(client, search="acme") == ["Acme Cloud"]
    assert names(client, kind="internal") == names(client, segment="strategic") == ["Rival Systems"]
    assert names(client, agency="health") == ["Acme Cloud"]
    assert names(client, grade="insufficient_evidence") == ["Thin Air"]
    assert names(client, grade=measured.second.grade.name if measured.second.grade else "") == ["Acme Cloud"]
    assert names(client, grade="none") == ["Nobody Inc", "Rival Systems"]
    assert names(client, grade="any") == ["Acme Cloud", "Thin Air"]


def test_it_sorts_with_none_last_and_says_so(measured: Measured, world: World, cast: Cast, login: Login) -> None:
    make_scorecard(world.rival, world.methodology, Q2, score=1, by=cast.cio)
    client = login(cast.cio)
    assert names(client, sort="-score")[:2] == ["Acme Cloud", "Rival Systems"]
    assert names(client, sort="score")[:2] == ["Rival Systems", "Acme Cloud"]
    assert names(client, sort="-score")[2:] == names(client, sort="score")[2:]
    assert 'aria-sort="descending"' in client.get(LIST, {"sort": "-score"}).content.decode()


def test_segments_sort_by_attention(world: World, cast: Cast, login: Login) -> None:
    for segment in reversed(Vendor.Segment.values):
        vendor = make_vendor(segment, f"A {segment} vendor")
        Vendor.objects.filter(pk=vendor.pk).update(segment=segment)
    found = [name for name in names(login(cast.cio), sort="segment") if name.startswith("A ")]
    assert found[0] == "A strategic vendor"
    assert found[-1] == "A commodity vendor"


def test_files_hold_the_filtered_list_and_no_formulas(
    measured: Measured, world: World, cast: Cast, login: Login
) -> None:
    Organization.objects.filter(code="rival").update(name="=HYPERLINK(0)")
    client = login(cast.cio)
    text = client.get(LIST, {"export": "csv"}).content.decode("utf-8-sig")
    rows = {row["Code"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["rival"]["Vendor"] == "'=HYPERLINK(0)"
    assert Decimal(rows["acme"]["Score"]) == measured.second.score
    assert rows["rival"]["Grade"] == "Not scored"
    book = tablib.Dataset().load(client.get(LIST, {"export": "xlsx", "search": "acme"}).content, format="xlsx")
    assert book["Vendor"] == ["Acme Cloud"]


@pytest.mark.parametrize(
    ("role", "seen", "columns"),
    [
        ("cio", ["Acme Cloud", "Nobody Inc", "Rival Systems"], {"grade", "value"}),
        ("agency_member", ["Acme Cloud"], {"grade", "value"}),
        ("vendor_member", ["Acme Cloud"], {"grade", "value"}),
        ("msi_member", ["Acme Cloud"], set()),
        ("outsider", ["Nobody Inc"], {"value"}),
    ],
)
def test_who_sees_which_vendors_and_columns(
    measured: Measured, cast: Cast, login: Login, role: str, seen: list[str], columns: set[str]
) -> None:
    table = login(cast.by_role()[role]).get(LIST).context["table"]
    assert [str(row.record) for row in table.rows] == seen
    assert {column.name for column in table.columns} & {"grade", "value"} == columns


def test_an_agency_counts_only_contracts_it_sees(measured: Measured, world: World, cast: Cast, login: Login) -> None:
    def held(user: object) -> int:
        rows = login(user).get(LIST).context["table"].rows
        return next(row.record.contracts_held for row in rows if row.record.pk == world.acme.pk)

    assert (held(cast.cio), held(cast.agency_member)) == (2, 1)


def test_a_vendors_page_shows_where_it_stands(measured: Measured, world: World, cast: Cast, login: Login) -> None:
    draft = make_scorecard(world.acme, world.methodology, Q1, 12)
    page = login(cast.cio).get(world.acme.get_absolute_url())
    assert page.context["current"] == measured.second
    assert [point["label"] for point in page.context["chart"]] == ["Q3 FY2020", "Q4 FY2020"]
    assert page.context["service_levels"][0] == measured.uptime  # The lowest attainment of those that have one.
    assert page.context["earlier"] == [measured.first]
    assert page.context["drafts"] == [draft]
    assert {agency.code for agency in page.context["agencies"]} == {"health", "parks"}
    assert "Marco" in page.content.decode()


def test_each_reader_finds_the_sections_it_may_see(measured: Measured, world: World, cast: Cast, login: Login) -> None:
    make_scorecard(world.acme, world.methodology, Q1, 12)
    url = world.acme.get_absolute_url()
    agency = login(cast.agency_member).get(url).context
    assert [contract.number for contract in agency["contracts"]] == ["C-1"]
    assert measured.of_parks not in agency["service_levels"]
    assert (agency["current"], agency["drafts"]) == (measured.second, [])
    msi = login(cast.msi_member).get(url).context
    assert (msi["current"], list(msi["contracts"])) == (None, [])
    assert measured.uptime in msi["service_levels"]
    assert login(cast.outsider).get(url).status_code == 404
    assert login(cast.agency_member).get(world.rival.get_absolute_url()).status_code == 404


def test_pages_cost_the_same_however_much_there_is(
    measured: Measured, world: World, cast: Cast, login: Login, cost: Callable[[Client, str], int]
) -> None:
    urls = [LIST, world.acme.get_absolute_url()]
    users = [cast.cio, cast.agency_member, cast.vendor_member, cast.msi_member]
    before = [cost(login(user), url) for user in users for url in urls]
    for number in range(4):
        vendor = make_vendor(f"more-{number}", f"More {number}")
        for owner in (vendor, world.acme):
            contract = make_contract(f"M-{owner.pk}-{number}", owner, world.health)
            level = make_service_level(f"m-{owner.pk}-{number}", contract)
            service = Service.objects.create(code=f"s-{owner.pk}-{number}", name="S", provider=owner)
            Subscription.objects.create(agency=world.health, service=service, starts_on=Q1)
            months = 3 if owner == vendor else 4 + number
            make_scorecard(owner, world.methodology, Q2, months, by=cast.cio, lines={level: 50})
    assert [cost(login(user), url) for user in users for url in urls] == before
    assert max(before) <= 24, reverse("vendors:vendor_list")
