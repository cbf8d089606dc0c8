"""Global search: by the beginnings of words, whatever accents, case and signs, and only what one may see and open."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brm_portal.dashboards.searching import SHOWN, holds
from kernel.accounts.models import User
from kernel.directory.models import Alias, Identifier, Organization
from kernel.searching import beginning_with
from metrics.models import Outcome
from tests.conftest import Cast, World, make_agency, make_contract, make_vendor
from vendors.models import Contract, Service

Login = Callable[[User], Client]


@pytest.fixture(autouse=True)
def named(world: World) -> None:
    """Names that are worth searching."""
    Contract.objects.filter(pk=world.contract.pk).update(title="Café wiring", description="All of it, Ørsted too")
    Alias.objects.create(organization=world.acme.organization, name="Wile & Coyote Supplies", source="test")
    Identifier.objects.create(organization=world.acme.organization, scheme="US-EIN", value="12-3456789")
    Outcome.objects.create(code="queues", name="Fewer queues", organization=world.health)


def found(client: Client, text: str) -> dict[str, list[str]]:
    """The names that the page shows, by resource."""
    page = client.get("/search/", {"q": text})
    assert page.status_code == 200
    return {each.kind.resource: [row.name for row in each.found] for each in page.context["findings"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("acme", {"vendors": ["Acme Cloud"]}),
        ("ACM", {"vendors": ["Acme Cloud"]}),
        ("cafe", {"contracts": ["Café wiring"]}),
        ("wir caf", {"contracts": ["Café wiring"]}),
        ("iring", {}),
        ("C-1", {"contracts": ["Café wiring"]}),
        ("coyote", {"vendors": ["Acme Cloud"]}),
        ("12-3456789", {"vendors": ["Acme Cloud"]}),
        ("3456789", {"vendors": ["Acme Cloud"]}),
        ("hosting", {"services": ["Hosting"]}),
        ("health", {"agencies": ["Department of Health"]}),
        ("queues", {"outcomes": ["Fewer queues"]}),
        ("acme nothing", {}),
        ("' | :* & ( ! \\", {}),
        ("\0", {}),
        ("   ", {}),
        ("", {}),
        ("x" * 5000, {}),
        ("株式会社", {}),
    ],
)
def test_words_are_found_by_their_beginnings(
    cast: Cast, login: Login, text: str, expected: dict[str, list[str]]
) -> None:
    assert found(login(cast.cio), text) == expected


def test_another_name_is_told(cast: Cast, login: Login) -> None:
    assert b"also known as Wile &amp; Coyote Supplies" in login(cast.cio).get("/search/?q=coyote").content


def test_everybody_finds_what_they_may_see(cast: Cast, world: World, login: Login) -> None:
    Contract.objects.filter(pk=world.other_contract.pk).update(title="Other wiring")
    roles = ("cio", "manager", "agency_member", "vendor_member", "msi_member", "outsider")
    seen = {role: found(login(cast.by_role()[role]), "wiring").get("contracts", []) for role in roles}
    own = ["Café wiring"]
    assert seen["cio"] == seen["manager"] == ["Café wiring", "Other wiring"]
    assert seen["agency_member"] == seen["vendor_member"] == own
    assert seen["msi_member"] == seen["outsider"] == []


def test_names_that_begin_with_it_come_first_and_the_rest_is_in_the_list(cast: Cast, login: Login) -> None:
    for number in range(SHOWN):
        make_vendor(f"v-{number}", f"Brightwater {number}")
    make_vendor("first", "Water Works")
    page = login(cast.cio).get("/search/?q=water")
    (finding,) = page.context["findings"]
    assert [row.name for row in finding.found] == ["Water Works"]
    page = login(cast.cio).get("/search/?q=v")
    (finding,) = page.context["findings"]
    assert (len(finding.found), finding.has_more) == (SHOWN, False)
    make_vendor("v-9", "Another")
    page = login(cast.cio).get("/search/?q=v")
    assert page.context["findings"][0].has_more
    assert b'href="/vendors/?search=v"' in page.content


def test_queries_do_not_grow(cast: Cast, world: World, login: Login) -> None:
    client, counted = login(cast.cio), []
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            found(client, "new")
        counted.append(len(queries))
        vendor = make_vendor(f"new-v{number}", f"New {number}")
        contract = make_contract(f"New-{number}", vendor, world.health)
        Service.objects.create(code=f"new-{number}", name="New", provider=vendor, contract=contract)
        make_agency(f"new-a{number}", f"New agency {number}")
    assert counted[1] == counted[2]


def test_words_are_found_by_an_index(db: None) -> None:
    query = beginning_with("wir")
    assert query is not None
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for rows, index in (
        (holds(query, Contract, "number", "title", "description"), "contract_words"),
        (holds(query, Service, "code", "name", "description"), "service_words"),
        (holds(query, Outcome, "code", "name", "description"), "outcome_words"),
        (holds(query, Organization, "code", "name"), "organization_words"),
        (holds(query, Alias, "name"), "alias_words"),
        (holds(query, Identifier, "value"), "identifier_words"),
    ):
        assert index in rows.order_by().explain()
