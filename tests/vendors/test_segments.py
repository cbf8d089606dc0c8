"""Segments: what the rules propose from spending and criticality, and what people decide."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kernel.accounts.models import User
from tests.conftest import Cast, World, make_contract, make_vendor
from vendors.models import Contract, StateRules, Vendor
from vendors.segments.chart import HEIGHT, WIDTH, _x, _y
from vendors.segments.deciding import decide_segments
from vendors.segments.proposing import judged, undecided

Login = Callable[[User], Client]
PAGE = reverse("vendors:segments")
RULES = reverse("vendors:state_rules")
Segment = Vendor.Segment


def proposals(cast: Cast) -> dict[str, str]:
    rows = judged(Vendor.objects.visible_to(cast.cio), StateRules.current())
    return {vendor.organization.code: vendor.proposed for vendor in rows.select_related("organization")}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "criticality", "segment"),
    [
        (1_000_000, 4, Segment.STRATEGIC),
        (1_000_000, 3, Segment.TACTICAL),
        ("999999.99", 4, Segment.OPERATIONAL),
        (None, 1, Segment.COMMODITY),
    ],
)
def test_spending_and_criticality_propose(value: Any, criticality: int, segment: str, world: World, cast: Cast) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(value=value, criticality=criticality)
    assert proposals(cast)["acme"] == segment


@pytest.mark.django_db
def test_all_contracts_in_force_count_together(world: World, cast: Cast) -> None:
    Contract.objects.update(value=Decimal(600_000), criticality=2)
    make_contract("C-5", world.acme, world.parks, value=Decimal(400_000), criticality=5)
    make_contract("C-6", world.acme, world.parks, value=Decimal(9_000_000), currency="EUR")
    make_vendor("idle", "Idle")
    assert proposals(cast) == {"acme": Segment.STRATEGIC, "rival": Segment.COMMODITY, "idle": "", "nobody": ""}


@pytest.mark.django_db
def test_what_is_accepted_changes_and_what_is_kept_is_not_proposed_again(
    world: World, cast: Cast, login: Login
) -> None:
    client = login(cast.cio)
    assert client.get(PAGE).context["open"] == 2
    client.post(PAGE, {"chosen": ["acme=tactical"], "accepted": "yes"})
    client.post(PAGE, {"chosen": ["rival=tactical"], "accepted": "no"})
    world.acme.refresh_from_db()
    world.rival.refresh_from_db()
    assert (world.acme.segment, world.rival.segment) == (Segment.TACTICAL, Segment.OPERATIONAL)
    assert client.get(PAGE).context["open"] == 0
    # Another proposal is another question.
    Contract.objects.update(criticality=5)
    assert client.get(PAGE, {"decision": "open"}).context["table"].paginator.count == 2


@pytest.mark.django_db
def test_a_manager_decides_about_own_vendors_only(world: World, cast: Cast, login: Login) -> None:
    client = login(cast.manager)
    assert client.post(PAGE, {"chosen": ["acme=tactical", "rival=tactical"], "accepted": "yes"}).status_code == 403
    assert not Vendor.objects.filter(segment=Segment.TACTICAL).exists()
    with pytest.raises(PermissionDenied):
        decide_segments(proposed={"acme": Segment.TACTICAL}, accepted=True, by=cast.auditor)
    client.post(PAGE, {"chosen": ["acme=tactical"], "accepted": "yes"})
    assert Vendor.objects.get(organization__code="acme").segment == Segment.TACTICAL


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent", [{}, {"accepted": "yes"}, {"accepted": "yes", "chosen": ["acme=best"]}, {"chosen": ["acme=tactical"]}]
)
def test_nonsense_decides_nothing(sent: dict[str, Any], world: World, cast: Cast, login: Login) -> None:
    answer = login(cast.cio).post(PAGE, sent, follow=True)
    assert "usa-alert--error" in answer.content.decode()
    assert set(Vendor.objects.values_list("segment", "declined_segment")) == {("operational", "")}


@pytest.mark.django_db
def test_the_office_changes_the_rules(world: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    page = client.get(RULES)
    assert "Marginal and lower" in page.content.decode()
    known = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    sent = {**known, "spending_from": "2000000", "watch_list_grades": "1"}
    version = {name: field.initial for name, field in page.context["form"].fields.items() if name.endswith("version")}
    answer = client.post(RULES, {**sent, **version}, follow=True)
    assert "The rules are changed." in answer.content.decode()
    rules = StateRules.current()
    assert (rules.spending_from, rules.watch_list_grades) == (2_000_000, 1)
    assert proposals(cast)["acme"] == Segment.COMMODITY
    assert StateRules.objects.count() == 1


@pytest.mark.django_db
def test_the_page_costs_the_same_however_many(world: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for number in range(8):
        make_contract(f"M-{number}", make_vendor(f"m-{number}", f"More {number}"), world.health)
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE)
    assert len(many) == len(few)
    assert len(page.context["dots"]) == 10
    assert undecided(judged(Vendor.objects.all(), StateRules.current())).count() == 10


@given(st.integers(1, 5), st.integers(1, 5), st.floats(0, 1))
def test_a_dot_lies_on_its_side_of_the_criticality(criticality: int, edge: int, spread: float) -> None:
    x = _x(criticality, edge, spread)
    assert 0 <= x <= WIDTH
    assert (x > WIDTH / 2) == (criticality >= edge)


@given(st.floats(0, 1e12), st.floats(1, 1e9))
def test_a_dot_lies_on_its_side_of_the_spending(spending: float, edge: float) -> None:
    y = _y(spending, edge)
    assert 0 <= y <= HEIGHT
    assert (y < HEIGHT / 2) == (spending >= edge)
