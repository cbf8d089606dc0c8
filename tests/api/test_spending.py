"""Spending over the API: the figures of the page, by the same access rule."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.accounts.models import User
from tests.conftest import JANUARY, Cast, World, make_contract
from vendors.models import Contract, Payment

Get = Callable[..., Any]


@pytest.fixture
def paid(world: World) -> None:
    """100 by Health to Acme, 300 by Parks to Rival, which Parks holds alone; and 7 in another currency."""
    Contract.objects.filter(pk=world.other_contract.pk).update(holder=Contract.Holder.AGENCY)
    for contract, amount in ((world.contract, 100), (world.other_contract, 300)):
        Payment.objects.create(contract=contract, reference="P", paid_on=JANUARY, amount=amount)
    Payment.objects.create(contract=world.contract, reference="E", paid_on=JANUARY, amount=7, currency="EUR")


def test_the_office_reads_all_of_it(cast: Cast, paid: None, get: Get) -> None:
    told = get("spending/", cast.cio).json()
    assert (told["basis"], told["by"], told["year"]) == ("paid", "vendor", None)
    assert told["total"] == {"amount": "400.00", "currency": "USD"}
    assert told["outside"]["amount"] == "300.00"
    assert (told["contracts"], told["contracts_outside"], told["in_other_currencies"]) == (2, 1, 1)
    assert [(part["key"], part["amount"]["amount"]) for part in told["parts"]] == [
        ("rival", "300.00"),
        ("acme", "100.00"),
    ]
    # Shares of 75 and 25 percent: 75² + 25² = 6250.
    assert Decimal(told["concentration"]["index"]) == 6250
    assert told["concentration"]["vendors"] == 2


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("agency", ["parks", "health"]),
        ("category", [""]),
        ("holder", ["agency", "cio_office"]),
        ("year", ["2020"]),
    ],
)
def test_it_is_parted_as_asked(cast: Cast, paid: None, get: Get, by: str, keys: list[str]) -> None:
    parts = get("spending/", cast.cio, by=by).json()["parts"]
    assert [part["key"] for part in parts] == keys
    assert sum(Decimal(part["amount"]["amount"]) for part in parts) == 400


def test_a_year_without_spending_is_empty(cast: Cast, paid: None, get: Get) -> None:
    told = get("spending/", cast.cio, year=2019, basis="paid").json()
    assert (told["total"]["amount"], told["parts"]) == ("0.00", [])
    assert told["concentration"] == {"vendors": 0, "share_of_largest": None, "index": None}


def test_an_agency_reads_its_own(cast: Cast, paid: None, get: Get) -> None:
    told = get("spending/", cast.agency_member)
    assert told.json()["total"]["amount"] == "100.00"
    assert b"rival" not in told.content


@pytest.mark.parametrize("role", ["vendor_member", "msi_member", "outsider"])
def test_it_is_not_for_suppliers(cast: Cast, paid: None, get: Get, role: str) -> None:
    assert get("spending/", cast.by_role()[role]).status_code == 403


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"by": "planet"}, "by"),
        ({"basis": "guessed"}, "basis"),
        ({"year": "MMXXI"}, "year"),
        ({"year": "0"}, "year"),
        ({"years": "2021"}, "years"),
        ({"by": ""}, "by"),
    ],
)
def test_what_cannot_be_followed_is_named(cast: Cast, get: Get, query: dict[str, str], field: str) -> None:
    answer = get("spending/", cast.cio, **query)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert error["expected"]


def test_queries_do_not_grow(cast: Cast, world: World, paid: None, login: Callable[[User], Client]) -> None:
    client = login(cast.cio)
    counted = []
    for number in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/api/v1/spending/?by=agency").status_code == 200
        counted.append(len(queries))
        contract = make_contract(f"N-{number}", world.rival, world.health)
        Payment.objects.create(contract=contract, reference="P", paid_on=JANUARY, amount=1)
    assert counted[0] == counted[1]
