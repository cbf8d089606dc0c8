"""Agencies in pages: what they show, who may change them, and that no one's text is lost."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Agency
from kernel.directory.models import Contact, Organization
from tests.conftest import LONG_AGO, Cast, World, make_agency
from vendors.models import Subscription

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]


def test_the_list_costs_the_same_however_many_agencies(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert client.get(reverse("agencies:agency_list")).status_code == 200
    for number in range(20):
        make_agency(f"more-{number}", f"More {number}")
    with CaptureQueriesContext(connection) as many:
        assert client.get(reverse("agencies:agency_list")).status_code == 200
    assert len(many) == len(few)


def test_a_member_finds_own_agency_and_no_other(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.agency_member)
    page = client.get(reverse("agencies:agency_list")).content.decode()
    assert "Department of Health" in page
    assert "State Parks" not in page
    assert client.get(reverse("agencies:agency_detail", args=["parks"])).status_code == 404
    assert client.get(reverse("agencies:agency_update", args=["health"])).status_code == 404


def test_the_page_shows_contracts_services_and_manager(cast: Cast, world: World, login: Login) -> None:
    page = login(cast.cio).get(reverse("agencies:agency_detail", args=["health"])).content.decode()
    for text in ("Agreement C-1", "Hosting", "Acme Cloud", "Marco"):
        assert text in page


def test_the_office_adds_an_agency(cast: Cast, login: Login) -> None:
    entered = {"code": "dot", "name": "Department of Transportation", "mission": "Roads"}
    response = login(cast.cio).post(reverse("agencies:agency_create"), entered)
    assert response.status_code == 302
    assert Agency.objects.get(organization__code="dot").organization.name == "Department of Transportation"


def test_a_vendor_becomes_an_agency_too_by_its_code(cast: Cast, world: World, login: Login) -> None:
    login(cast.cio).post(reverse("agencies:agency_create"), {"code": "acme", "name": "Acme Cloud"})
    assert Agency.objects.get(organization=world.acme.organization)


def test_a_code_in_use_is_refused_beside_the_field(cast: Cast, world: World, login: Login) -> None:
    response = login(cast.cio).post(reverse("agencies:agency_create"), {"code": "health", "name": "Again"})
    assert response.status_code == 200
    assert "This code is taken" in response.content.decode()
    assert Organization.objects.get(code="health").name == "Department of Health"


def test_a_manager_adds_only_below_what_they_manage(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.manager)
    entered = {"code": "lab", "name": "State Laboratory"}
    assert client.post(reverse("agencies:agency_create"), entered).status_code == 403
    assert not Organization.objects.filter(code="lab").exists()
    below = {**entered, "parent": world.health.pk}
    assert client.post(reverse("agencies:agency_create"), below).status_code == 302


def test_a_lost_update_shows_both_and_loses_neither(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    url = reverse("agencies:agency_update", args=["health"])
    form = client.get(url).context["form"]
    opened = {name: form[name].value() or "" for name in form.fields}
    Organization.objects.filter(code="health").update(name="Health and Human Services")
    response = client.post(url, {**opened, "name": "Public Health"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Health and Human Services" in page
    assert "Public Health" in page
    assert Organization.objects.get(code="health").name == "Health and Human Services"
    again = response.context["form"]
    response = client.post(url, {name: again[name].value() or "" for name in again.fields})
    assert response.status_code == 302
    assert Organization.objects.get(code="health").name == "Public Health"


def test_a_member_keeps_own_contacts(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.agency_member)
    entered = {"name": "Ida Wells", "email": "ida@example.gov"}
    assert client.post(reverse("agencies:contact_create", args=["health"]), entered).status_code == 302
    contact = Contact.objects.get(name="Ida Wells")
    assert contact.organization == world.health
    assert client.get(reverse("agencies:contact_update", args=[contact.pk])).status_code == 200
    assert client.post(reverse("agencies:contact_create", args=["parks"]), entered).status_code == 404


def test_the_list_as_a_file_cannot_run_formulas(cast: Cast, login: Login) -> None:
    make_agency("evil", "=1+1")
    response = login(cast.cio).get(reverse("agencies:agency_list"), {"export": "csv"})
    assert "'=1+1" in response.content.decode("utf-8-sig")
    assert login(cast.cio).get(reverse("agencies:agency_list"), {"export": "xlsx"}).content[:2] == b"PK"


def test_a_vendor_serves_by_contract_or_subscription(cast: Cast, world: World, login: Login) -> None:
    client, parks = login(cast.cio), reverse("agencies:agency_detail", args=["parks"])
    vendors = reverse("vendors:vendor_list")

    def serving_parks() -> list[str]:
        return [str(row.record) for row in client.get(vendors, {"agency": "parks"}).context["table"].rows]

    assert serving_parks() == ["Rival Systems"]
    Subscription.objects.create(agency=world.parks, service=world.service, starts_on=LONG_AGO)
    assert serving_parks() == ["Acme Cloud", "Rival Systems"]
    assert client.get(parks).context["serving"] == 2
    services = client.get(reverse("vendors:service_list"), {"agency": "parks"}).context["table"].rows
    assert [row.record for row in services] == [world.service]
