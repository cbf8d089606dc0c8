"""Contracts, services and what hangs on them, in pages and forms."""

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import JANUARY, LONG_AGO, Cast, World, make_contract, make_service_level
from vendors.models import Contract, Integration, Service, ServiceLevel, Subscription

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_lists_and_pages_cost_the_same_however_much_there_is(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    urls = [
        reverse("vendors:contract_list"),
        reverse("vendors:service_list"),
        world.contract.get_absolute_url(),
        world.service.get_absolute_url(),
    ]
    before = [queries(client, url) for url in urls]
    for number in range(15):
        contract = make_contract(f"M-{number}", world.acme, world.parks)
        service = Service.objects.create(code=f"s-{number}", name=f"Service {number}", provider=world.acme)
        Subscription.objects.create(agency=world.parks, service=service, starts_on=LONG_AGO)
        make_service_level(f"C-1-{number}", world.contract, service=world.service, targets={JANUARY: (1, 2, 3)})
        assert contract
    assert [queries(client, url) for url in urls] == before


def test_each_party_finds_its_contracts(cast: Cast, world: World, login: Login) -> None:
    for user in (cast.agency_member, cast.vendor_member):
        client = login(user)
        page = client.get(reverse("vendors:contract_list")).content.decode()
        assert "Agreement C-1" in page
        assert "Agreement C-2" not in page
        assert client.get(world.other_contract.get_absolute_url()).status_code == 404
        assert client.get(reverse("vendors:contract_update", args=[world.contract.pk])).status_code == 404
    assert login(cast.msi_member).get(reverse("vendors:contract_list")).status_code == 404


def test_contracts_filter_by_holder_and_end(cast: Cast, world: World, login: Login) -> None:
    today = datetime.date.today()  # noqa: DTZ011  # Any zone's today lies well within the 180 days.
    make_contract("SOON", world.acme, world.health, ends_on=today + datetime.timedelta(days=30))
    client = login(cast.cio)
    url = reverse("vendors:contract_list")
    outside = client.get(url, {"holder": "agency"}).content.decode()
    assert "Agreement C-2" in outside
    assert "Agreement C-1" not in outside
    ending = client.get(url, {"ending_within": 180}).content.decode()
    assert "Agreement SOON" in ending
    assert "Agreement C-1" not in ending


def test_a_contract_is_written_and_refused_in_words(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.manager)
    entered = {
        "number": "N-1",
        "title": "New agreement",
        "vendor": world.acme.pk,
        "agency": world.health.pk,
        "kind": "contract",
        "status": "active",
        "notice_unit": "months",
        "value": "250000",
        "currency": "USD",
        "starts_on": "2024-01-01",
        "ends_on": "2023-01-01",
        "criticality": 3,
        "holder": "cio_office",
    }
    url = reverse("vendors:contract_create")
    assert "last day cannot lie before the first" in client.post(url, entered).content.decode()
    response = client.post(url, {**entered, "ends_on": "2025-01-01"})
    contract = Contract.objects.get(number="N-1")
    assert response["Location"] == contract.get_absolute_url()
    assert contract.value == Decimal(250000)


def test_parties_of_a_measured_contract_are_shown_as_fixed(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    form = client.get(reverse("vendors:contract_update", args=[world.contract.pk])).context["form"]
    assert form.fields["vendor"].disabled
    assert "Another party is another contract" in str(form.fields["agency"].help_text)


def test_a_service_level_starts_with_its_target(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.manager)
    url = reverse("vendors:service_level_create", args=[world.contract.pk])
    entered = {
        "code": "C-1-response",
        "indicator": world.service_level.series.indicator.pk,
        "dimension": "service_quality",
        "weight": "2",
        "first_month": "2024-01",
        "floor": "99",
        "target": "95",
    }
    assert "floor must be worse" in client.post(url, entered).content.decode()
    assert not ServiceLevel.objects.filter(series__code="C-1-response").exists()
    assert client.post(url, {**entered, "floor": "90"}).status_code == 302
    created = ServiceLevel.objects.get(series__code="C-1-response")
    assert (created.series.agency, created.series.provider) == (world.health, world.acme.organization)
    assert created.series.targets.get().effective_from == datetime.date(2024, 1, 1)
    assert "This code is taken" in client.post(url, {**entered, "floor": "90"}).content.decode()


def test_a_manager_commits_no_contract_of_others(cast: Cast, world: World, login: Login) -> None:
    url = reverse("vendors:service_level_create", args=[world.other_contract.pk])
    entered = {
        "code": "C-2-response",
        "indicator": world.service_level.series.indicator.pk,
        "dimension": "cost",
        "weight": "1",
        "first_month": "2024-01",
    }
    assert login(cast.manager).post(url, entered).status_code == 403
    assert not ServiceLevel.objects.filter(series__code="C-2-response").exists()


def test_a_service_is_delivered_under_a_contract_of_its_provider(cast: Cast, world: World, login: Login) -> None:
    entered = {
        "code": "mail",
        "name": "E-mail",
        "provider": world.acme.pk,
        "contract": world.other_contract.pk,
        "lifecycle": "live",
        "currency": "USD",
    }
    client = login(cast.cio)
    url = reverse("vendors:service_create")
    assert "is with another vendor" in client.post(url, entered).content.decode()
    assert client.post(url, {**entered, "contract": world.contract.pk}).status_code == 302


def test_spending_shows_to_the_office_and_the_provider_only(cast: Cast, world: World, login: Login) -> None:
    Service.objects.filter(pk=world.service.pk).update(yearly_spending=Decimal(4321000))
    shown = {}
    for name in ("cio", "vendor_member", "agency_member", "msi_member"):
        client = login(getattr(cast, name))
        page = client.get(world.service.get_absolute_url()).content.decode()
        file = client.get(reverse("vendors:service_list"), {"export": "csv"}).content.decode("utf-8-sig")
        shown[name] = ("4,321,000" in page, "4321000" in file)
    both, neither = (True, True), (False, False)
    assert shown == {"cio": both, "vendor_member": both, "agency_member": neither, "msi_member": neither}


def test_an_agency_subscribes_once_at_a_time(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    url = reverse("vendors:subscription_create", args=["hosting"])
    entered = {"agency": world.health.pk, "starts_on": "2024-01-01"}
    assert "already subscribes" in client.post(url, entered).content.decode()
    assert client.post(url, {**entered, "agency": world.parks.pk}).status_code == 302
    ending = Subscription.objects.get(agency=world.health)
    change = {"agency": world.health.pk, "starts_on": "2019-01-01", "ends_on": "2024-06-30", "version": 1}
    assert client.post(reverse("vendors:subscription_update", args=[ending.pk]), change).status_code == 302


def test_an_integrator_gets_a_supplier(cast: Cast, world: World, login: Login) -> None:
    entered = {"integrator": world.integrator.pk, "starts_on": "2024-01-01"}
    response = login(cast.cio).post(reverse("vendors:integration_create", args=["rival"]), entered)
    assert response.status_code == 302
    assert Integration.objects.filter(supplier=world.rival, integrator=world.integrator).exists()


def test_a_vendor_is_added_and_changed(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    entered = {"code": "county", "name": "King County", "kind": "cross_jurisdictional", "segment": "tactical"}
    assert client.post(reverse("vendors:vendor_create"), entered).status_code == 302
    form = client.get(reverse("vendors:vendor_update", args=["county"])).context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    response = client.post(reverse("vendors:vendor_update", args=["county"]), {**again, "segment": "strategic"})
    assert response.status_code == 302
