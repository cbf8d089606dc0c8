"""Templates of service levels: what the portal brings, what they fill in, and who keeps them."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import Cast, World
from vendors.models import Contract, ServiceLevel, ServiceLevelTemplate
from vendors.service_levels.committing import free_code

Login = Callable[..., Client]
SHIPPED = {
    "availability": ("service_quality", "99.9"),
    "incident-response": ("service_quality", "95"),
    "incident-resolution": ("service_quality", "90"),
    "request-fulfilment": ("service_quality", "95"),
    "satisfaction": ("relationship", "4"),
}


def create_url(contract: Contract, template: str = "") -> str:
    url = reverse("vendors:service_level_create", args=[contract.pk])
    return f"{url}?template={template}" if template else url


def sent(client: Client, url: str, **changes: str) -> Any:
    """Send the form at an address as it is filled in, changed."""
    form = client.get(url).context["form"]
    values = {field.html_name: field.value() for field in form}
    values["first_month"] = f"{values['first_month']:%Y-%m}" if values.get("first_month") else ""
    return client.post(url, {**{name: "" if value is None else value for name, value in values.items()}, **changes})


@pytest.mark.parametrize("code", SHIPPED)
def test_each_template_makes_a_service_level_as_it_stands(cast: Cast, world: World, login: Login, code: str) -> None:
    client = login(cast.manager)
    url = create_url(world.contract, code)
    assert sent(client, url).status_code == 302
    level = ServiceLevel.objects.get(series__code=f"C-1-{code}")
    assert (level.dimension, level.series.indicator.code) == (SHIPPED[code][0], code)
    assert level.series.targets.get().target == Decimal(SHIPPED[code][1])
    # A second one gets a code of its own.
    assert client.get(url).context["form"]["code"].value() == f"C-1-{code}-2"


def test_what_a_template_fills_in_can_be_changed(cast: Cast, world: World, login: Login) -> None:
    url = create_url(world.contract, "availability")
    assert sent(login(cast.cio), url, code="mine", target="99.5", first_month="2027-02").status_code == 302
    level = ServiceLevel.objects.get(series__code="mine")
    assert (level.series.targets.get().target, level.first_month) == (Decimal("99.5"), datetime.date(2027, 2, 1))


def test_only_what_is_offered_is_chosen(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    ServiceLevelTemplate.objects.filter(code="availability").update(retired_on="2026-01-01")
    page = client.get(create_url(world.contract, "availability"))
    assert page.context["chosen"] is None
    assert "availability" not in {each.code for each in page.context["templates"]}
    assert client.get(create_url(world.contract, "nonsense")).context["form"]["code"].value() is None


def test_codes_are_such_as_series_may_have(world: World) -> None:
    assert free_code("N/1 (new) é-uptime") == "N-1-new-uptime"
    assert len(free_code("x" * 300)) <= 120


def test_the_office_keeps_them_and_figures_must_be_in_order(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    entered = {
        "code": "speed",
        "name": "Speed",
        "indicator": world.service_level.series.indicator.pk,
        "dimension": "outcomes",
        "weight": "1",
        "target": "95",
    }
    url = reverse("vendors:template_create")
    assert "floor must be worse" in client.post(url, {**entered, "floor": "96"}).content.decode()
    assert client.post(url, {**entered, "floor": "90"}).status_code == 302
    edit = reverse("vendors:template_update", args=["speed"])
    version = ServiceLevelTemplate.objects.get(code="speed").version
    assert client.post(edit, {**entered, "stretch": "99", "version": version}).status_code == 302
    page = login(cast.auditor).get(reverse("vendors:template_list")).content.decode()
    assert "Speed" in page
    assert edit not in page
    assert login(cast.manager).get(edit).status_code == 404
