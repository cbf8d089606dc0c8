"""Amending contracts, with all that an amendment changes and takes back, and the other parts people write."""

import datetime
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from metrics.models import SeriesChange, Target
from tests.conftest import JANUARY, Cast, World
from vendors.contract_parts.amending import TargetChange, amend_contract, correct_amendment, remove_amendment
from vendors.models import AmendedTarget, Amendment, Contract, Milestone, Payment

Login = Callable[..., Client]
END, LATER = date(2027, 2, 28), date(2027, 8, 31)
APRIL = date(2026, 4, 1)


@pytest.fixture
def contract(world: World) -> Contract:
    """Ours, with an end and two renewals of a year."""
    terms = {"ends_on": END, "renewal_months": 12, "renewals_left": 2, "notice_period": 3}
    Contract.objects.filter(pk=world.contract.pk).update(**terms)
    world.contract.refresh_from_db()
    return world.contract


def now(contract: Contract) -> tuple[Decimal | None, date | None, int | None]:
    """What amendments change."""
    contract.refresh_from_db()
    return contract.value, contract.ends_on, contract.renewals_left


def test_an_amendment_changes_value_and_end_and_is_taken_back(cast: Cast, contract: Contract) -> None:
    amendment = amend_contract(
        contract=contract, reference="1", by=cast.manager, value_change=Decimal(250_000), new_ends_on=LATER
    )
    assert now(contract) == (Decimal(1_250_000), LATER, 2)
    remove_amendment(amendment=amendment, by=cast.manager)
    assert now(contract) == (Decimal(1_000_000), END, 2)


def test_a_renewal_lasts_as_agreed_and_uses_one_up(cast: Cast, contract: Contract) -> None:
    first = amend_contract(contract=contract, reference="1", by=cast.cio, is_renewal=True)
    assert (first.new_ends_on, now(contract)) == (date(2028, 2, 29), (Decimal(1_000_000), date(2028, 2, 29), 1))
    second = amend_contract(contract=contract, reference="2", by=cast.cio, is_renewal=True)
    assert now(contract)[1:] == (date(2029, 2, 28), 0)
    with pytest.raises(ValidationError, match="No renewal is left"):
        amend_contract(contract=contract, reference="3", by=cast.cio, is_renewal=True)
    remove_amendment(amendment=second, by=cast.cio)
    assert now(contract)[1:] == (date(2028, 2, 29), 1)


def test_a_correction_moves_the_contract_by_the_difference(cast: Cast, contract: Contract) -> None:
    amendment = amend_contract(
        contract=contract, reference="1", by=cast.cio, value_change=Decimal(10), new_ends_on=LATER
    )
    facts = {"signed_on": JANUARY, "description": "More", "reason": "Typo"}
    amendment = correct_amendment(
        amendment=amendment, by=cast.cio, reference="1a", value_change=Decimal(-5), new_ends_on=None, **facts
    )
    assert (amendment.reference, now(contract)) == ("1a", (Decimal(999_995), END, 2))


def test_what_a_source_told_of_changes_nothing_here(cast: Cast, contract: Contract) -> None:
    told = contract.amendments.create(reference="1", value_change=50, new_ends_on=END)
    correct_amendment(
        amendment=told,
        by=cast.cio,
        reference="1",
        value_change=Decimal(70),
        new_ends_on=LATER,
        signed_on=None,
        description="",
        reason="",
    )
    remove_amendment(amendment=told, by=cast.cio)
    assert now(contract) == (Decimal(1_000_000), END, 2)
    assert not contract.amendments.exists()


def test_service_levels_change_from_a_month_on_with_a_reason(cast: Cast, world: World, contract: Contract) -> None:
    level = world.service_level
    SeriesChange.objects.all().delete()
    change = TargetChange(level, APRIL, target=Decimal(98), floor=Decimal(95))
    amendment = amend_contract(
        contract=contract, reference="2", by=cast.manager, reason="More citizens rely on it", targets=[change]
    )
    target = Target.objects.get(series=level.series, effective_from=APRIL)
    assert (target.target, target.reason, target.amended.amendment) == (98, "More citizens rely on it", amendment)
    assert SeriesChange.objects.filter(series=level.series, first_month=APRIL).exists()  # It is scored again.
    remove_amendment(amendment=amendment, by=cast.manager)
    assert [each.target for each in level.series.targets.all()] == [95]
    assert not AmendedTarget.objects.exists()


def test_nothing_is_half_amended(cast: Cast, world: World, contract: Contract) -> None:
    before = now(contract)
    taken = TargetChange(world.service_level, JANUARY, target=Decimal(98))
    facts = {"value_change": Decimal(1), "reason": "So", "targets": [taken]}
    with pytest.raises(ValidationError, match=r"C-1-uptime: .*already has a target from that month"):
        amend_contract(contract=contract, reference="1", by=cast.cio, **facts)
    with pytest.raises(ValidationError, match="would fall below 0"):
        amend_contract(contract=contract, reference="1", by=cast.cio, value_change=Decimal(-1_000_001))
    with pytest.raises(ValidationError, match="before the contract starts"):
        amend_contract(contract=contract, reference="1", by=cast.cio, new_ends_on=date(2018, 1, 1))
    assert (now(contract), Amendment.objects.count()) == (before, 0)


def test_only_those_who_may_change_the_contract_amend_it(cast: Cast, world: World, contract: Contract) -> None:
    for user in (cast.agency_member, cast.vendor_member, cast.auditor, cast.msi_member):
        with pytest.raises(PermissionDenied):
            amend_contract(contract=contract, reference="1", by=user)
    with pytest.raises(PermissionDenied):
        amend_contract(contract=world.other_contract, reference="1", by=cast.manager)


def filled(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """What the form at an address holds, changed."""
    form = client.get(url).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {**{name: "" if value is None else value for name, value in values.items()}, **changes}


def test_the_page_amends_in_one_go_and_tells_of_it(cast: Cast, world: World, contract: Contract, login: Login) -> None:
    client, level = login(cast.manager), world.service_level
    url = reverse("vendors:amendment_create", args=[contract.pk])
    entered = filled(client, url, value_change="5000", is_renewal="on", reason="It works", targets_from="2026-04")
    entered |= {f"target_{level.pk}": "98", f"floor_{level.pk}": "96"}
    assert client.post(url, entered)["Location"] == contract.get_absolute_url()
    assert now(contract) == (Decimal(1_005_000), date(2028, 2, 29), 1)
    page = client.get(contract.get_absolute_url()).content.decode()
    assert "Amendment 1" in page
    assert "target 98 from Apr 2026" in page
    history = client.get(level.get_absolute_url()).content.decode()
    assert "by amendment 1" in history
    assert "It works" in history
    assert "by amendment" not in login(cast.msi_member).get(level.get_absolute_url()).content.decode()
    told = login(cast.cio).get("/api/v1/contracts/C-1/").json()["amendments"][0]
    assert (told["is_renewal"], told["targets"][0]["service_level"]) == (True, "C-1-uptime")
    assert (told["targets"][0]["effective_from"], told["targets"][0]["target"]) == ("2026-04", "98.000000000")


def test_the_form_says_beside_each_box_what_is_wrong(
    cast: Cast, world: World, contract: Contract, login: Login
) -> None:
    client, level = login(cast.cio), world.service_level
    url = reverse("vendors:amendment_create", args=[contract.pk])
    target, floor = f"target_{level.pk}", f"floor_{level.pk}"

    def errors(**entered: str) -> dict[str, Any]:
        response = client.post(url, filled(client, url, **entered))
        return response.context["form"].errors if response.status_code == 200 else {}

    assert set(errors(**{target: "98"})) == {"targets_from"}
    assert set(errors(targets_from="2026-04", **{target: "98"})) == {"reason"}
    assert set(errors(**{floor: "98"})) == {target}
    in_april = {"targets_from": "2026-04", "reason": "So"}
    assert "floor must be worse" in str(errors(**in_april, **{target: "98", floor: "99"})[target])
    assert "already has a target" in str(errors(targets_from="2020-01", reason="So", **{target: "98"})[target])
    assert set(errors(value_change="-2000000")) == {"value_change"}
    assert set(errors(new_ends_on="2000-01-01")) == {"new_ends_on"}
    assert not Amendment.objects.exists()


def test_removing_asks_and_says_what_is_taken_back(cast: Cast, world: World, contract: Contract, login: Login) -> None:
    client = login(cast.cio)
    change = TargetChange(world.service_level, APRIL, target=Decimal(98))
    facts = {"value_change": Decimal(-5), "new_ends_on": LATER, "reason": "So", "targets": [change]}
    amendment = amend_contract(contract=contract, reference="1", by=cast.cio, **facts)
    url = reverse("vendors:amendment_remove", args=[amendment.pk])
    page = client.get(url).content.decode()
    for words in (
        "value becomes $1,000,000.00 USD",
        "Its end becomes Feb. 28, 2027",
        "the target 98 from Apr 2026 goes",
    ):
        assert words in page
    assert Amendment.objects.exists()
    assert client.post(url)["Location"] == contract.get_absolute_url()
    assert now(contract) == (Decimal(1_000_000), END, 2)


@pytest.mark.parametrize(
    ("kind", "model", "entered", "change"),
    [
        ("milestone", Milestone, {"title": "Moved", "due_on": "2027-01-31"}, {"status": "met", "met_on": "2027-01-05"}),
        ("payment", Payment, {"paid_on": "2026-01-31", "amount": "1250.50"}, {"amount": "-3"}),
        ("amendment", Amendment, {"value_change": "5"}, {"description": "Words"}),
    ],
)
def test_parts_are_added_changed_and_removed(
    cast: Cast, contract: Contract, login: Login, kind: str, model: Any, entered: Any, change: Any
) -> None:
    client = login(cast.manager)
    create = reverse(f"vendors:{kind}_create", args=[contract.pk])
    assert client.post(create, filled(client, create, **entered)).status_code == 302
    row = model.objects.get()
    assert (row.contract, row.reference) == (contract, "1")
    update = reverse(f"vendors:{kind}_update", args=[row.pk])
    assert client.post(update, filled(client, update, **change)).status_code == 302
    assert client.post(reverse(f"vendors:{kind}_remove", args=[row.pk])).status_code == 302
    assert not model.objects.exists()


def test_what_depends_on_a_contract_is_what_the_reader_may_see(
    cast: Cast, world: World, contract: Contract, login: Login
) -> None:
    page = login(cast.cio).get(contract.get_absolute_url())
    assert [service.code for service in page.context["services"]] == ["hosting"]
    assert [each.agency for each in page.context["subscriptions"]] == [world.health]


def test_the_page_tells_how_far_a_contract_is(cast: Cast, contract: Contract, login: Login) -> None:
    contract.payments.create(reference="P", paid_on=JANUARY, amount=250_000)
    page = login(cast.agency_member).get(contract.get_absolute_url())
    standing, text = page.context["standing"], page.content.decode()
    assert standing.spent_share == Decimal("0.25")
    assert "25% of its value" in text
    assert "Nov. 28, 2026" in text  # Three months before the end of February.
    assert "for 12 months each" in text
    assert "Remove" not in text  # Partners read.


def test_the_line_of_time_holds_days_that_are_far_apart_and_missing(
    cast: Cast, world: World, contract: Contract, login: Login
) -> None:
    contract.milestones.create(reference="M", title="Some day")
    contract.milestones.create(reference="N", title="Long after", due_on=datetime.date(2300, 1, 1))
    timeline = login(cast.cio).get(contract.get_absolute_url()).context["timeline"]
    assert timeline.events[-1].day is None
    assert 1 <= len(timeline.marks) <= 12
    open_ended = login(cast.cio).get(world.other_contract.get_absolute_url()).context["timeline"]
    assert open_ended.today_x == "100.00%"
    same_day = Contract(number="x", starts_on=JANUARY, ends_on=JANUARY)
    assert type(timeline)(same_day, [], [], JANUARY).x(JANUARY) == "0.00%"
