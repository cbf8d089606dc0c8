"""What the state spends: sums that agree however they are parted, concentration, exposure, and who sees which."""

import csv
import datetime
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kernel.accounts.models import User
from tests.conftest import Cast, World, make_contract, make_vendor
from vendors.models import Contract, Payment
from vendors.spending.figures import Basis, Concentration, Spending, fiscal_year

Login = Callable[[User], Client]
PAGE = reverse("vendors:spending")
# The user; payments or none; sums by year; all and outside, concentration twice; by vendor, agency, category, kind of
# provider, and outside by agency; what other currencies leave out.
QUERIES = 12


def pay(contract: Contract, number: int, day: str, amount: object, currency: str = "USD") -> Payment:
    return Payment.objects.create(
        contract=contract,
        reference=str(number),
        paid_on=datetime.date.fromisoformat(day),
        amount=Decimal(str(amount)),
        currency=currency,
    )


@pytest.fixture
def paid(world: World) -> World:
    """Health pays Acme in two fiscal years and gets some back; Parks pays Rival, and Acme in euros."""
    pay(world.contract, 1, "2020-06-30", 100)
    pay(world.contract, 2, "2020-07-01", 300)
    pay(world.contract, 3, "2020-07-02", -50)
    pay(world.other_contract, 1, "2020-08-01", 650)
    pay(world.contract, 4, "2020-08-01", 999, "EUR")
    return world


def amounts(rows: Any) -> dict[str, Decimal]:
    return {row["label"]: row["value"] for row in rows}


@pytest.mark.django_db
def test_payments_are_summed_in_every_way(paid: World, cast: Cast, login: Login) -> None:
    context = login(cast.cio).get(PAGE).context
    assert context["spending"].basis == Basis.PAID
    assert amounts(context["vendors"]) == {"Acme Cloud": 350, "Rival Systems": 650}
    assert amounts(context["agencies"]) == {"Department of Health": 350, "State Parks": 650}
    assert amounts(context["by_year"]) == {"FY2020": 100, "FY2021": 900}
    assert amounts(context["outside"]) == {"State Parks": 650}
    assert (context["held"]["total"], context["held"]["outside"], context["elsewhere"]) == (1000, 650, 1)


@pytest.mark.django_db
def test_a_fiscal_year_begins_when_the_state_says(paid: World, cast: Cast, login: Login, settings: Any) -> None:
    context = login(cast.cio).get(PAGE, {"year": "2021"}).context
    assert amounts(context["vendors"]) == {"Acme Cloud": 250, "Rival Systems": 650}
    settings.FISCAL_YEAR_START_MONTH = 1
    assert fiscal_year(2020) == (datetime.date(2020, 1, 1), datetime.date(2020, 12, 31))
    assert amounts(login(cast.cio).get(PAGE).context["by_year"]) == {"FY2020": 1000}
    settings.FISCAL_YEAR_START_MONTH = 10
    assert amounts(login(cast.cio).get(PAGE).context["by_year"]) == {"FY2020": 1000}


@pytest.mark.django_db
def test_without_payments_contracts_in_force_count(world: World, cast: Cast, login: Login) -> None:
    make_contract("C-9", world.acme, world.health, ends_on=timezone.localdate() - datetime.timedelta(days=1))
    make_contract("C-8", world.acme, world.parks, value=Decimal(3_000_000), category=Contract.Category.GOODS)
    make_contract("C-7", world.acme, world.parks, status=Contract.Status.CANCELLED)
    context = login(cast.cio).get(PAGE).context
    assert context["spending"].basis == Basis.COMMITTED
    assert amounts(context["vendors"]) == {"Acme Cloud": 4_000_000, "Rival Systems": 1_000_000}
    assert amounts(context["categories"]) == {"Goods": 3_000_000, "No category given": 2_000_000}
    # Over or not, what was signed counts in the year it began in; what was cancelled never.
    assert amounts(context["by_year"]) == {"FY2019": 6_000_000}


@pytest.mark.django_db
def test_what_is_not_shown_by_name_is_told_as_one(world: World, cast: Cast, login: Login) -> None:
    for number in range(12):
        make_contract(f"M-{number}", make_vendor(f"m-{number}", f"More {number:02}"), world.health, value=Decimal(10))
    vendors = amounts(login(cast.cio).get(PAGE).context["vendors"])
    assert len(vendors) == 11
    assert vendors["All others"] == 40


@pytest.mark.django_db
def test_figures_lead_to_their_contracts(world: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    context = client.get(PAGE).context
    for part in ("vendors", "agencies", "outside"):
        for row in context[part]:
            found = client.get(row["href"]).context["table"].data
            assert sum(contract.value for contract in found) == row["value"], row


@pytest.mark.django_db
def test_an_agency_sees_its_own_spending(paid: World, cast: Cast, login: Login) -> None:
    context = login(cast.agency_member).get(PAGE).context
    assert amounts(context["vendors"]) == {"Acme Cloud": 350}
    assert context["held"]["outside"] == 0


@pytest.mark.django_db
def test_the_file_adds_up_to_the_page(paid: World, cast: Cast, login: Login) -> None:
    answer = login(cast.cio).get(PAGE, {"export": "csv", "year": "2021"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {(row["Vendor"], row["Agency"], Decimal(row["Amount"])) for row in rows} == {
        ("Acme Cloud", "Department of Health", Decimal(250)),
        ("Rival Systems", "State Parks", Decimal(650)),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{"basis": "nonsense"}, {"year": "1066"}, {"year": "x"}, {"year": "99999999999"}])
def test_nonsense_in_the_address_shows_everything(query: dict[str, str], paid: World, cast: Cast, login: Login) -> None:
    assert login(cast.cio).get(PAGE, query).context["held"]["total"] == 1000


@pytest.mark.django_db
def test_without_anything_the_page_says_what_to_do(cast: Cast, login: Login) -> None:
    Payment.objects.all().delete()
    Contract.objects.update(value=None)
    assert "No contract with a value is in force" in login(cast.cio).get(PAGE).content.decode()
    assert "No payment is known yet" in login(cast.cio).get(PAGE, {"basis": "paid"}).content.decode()


@pytest.mark.django_db
def test_it_costs_the_same_however_much_there_is(paid: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for number in range(12):
        contract = make_contract(f"M-{number}", make_vendor(f"m-{number}", f"More {number}"), paid.health)
        pay(contract, 1, "2020-08-01", number)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few) == QUERIES


@pytest.mark.django_db
def test_one_vendor_alone_is_the_highest_concentration(world: World, cast: Cast) -> None:
    found = Spending(cast.cio, Basis.COMMITTED).concentration()
    assert (found.vendors, found.index) == (2, 5_000)
    Contract.objects.filter(pk=world.other_contract.pk).update(value=0)
    found = Spending(cast.cio, Basis.COMMITTED).concentration()
    assert (found.vendors, found.index, found.share_of_few) == (1, 10_000, 1)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=30))
def test_the_index_lies_between_equal_shares_and_one_alone(spent: list[int]) -> None:
    total = sum(spent)
    index = Decimal(10_000 * sum(each**2 for each in spent)) / total**2
    found = Concentration(len(spent), Decimal(total), Decimal(sum(sorted(spent)[-5:])), index)
    assert Decimal(10_000) / len(spent) - 1 <= index <= 10_000
    assert found.share_of_few is not None
    assert 0 < found.share_of_few <= 1
    assert bool(found.degree)
