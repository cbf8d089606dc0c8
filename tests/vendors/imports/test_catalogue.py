"""Importing a catalogue: providers, services and who uses what, as the FedRAMP Marketplace gives them."""

import csv
import datetime
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.directory.models import Identifier, Organization
from tests.conftest import Cast, World
from tests.vendors.imports.test_pages import run, work
from vendors.imports.catalogue.loading import import_catalogue
from vendors.imports.contracts.reporting import Report
from vendors.imports.contracts.rows import Kind
from vendors.models import Contract, ContractImport, Service, Subscription, Vendor

Login = Callable[..., Client]
EXTRACT = Path("vendors/imports/catalogue/data/fedramp-usda-2025/marketplace.json")
pytestmark = pytest.mark.django_db


def product(**fields: Any) -> dict[str, Any]:
    return {
        "id": "F1",
        "csp": "Cloud Works, Inc.",
        "cso": "Works Platform",
        "status": "FedRAMP Authorized",
        "impact_level": "Moderate",
        "service_model": ["PaaS", "SaaS"],
        "service_desc": "Runs *things*.",
        "uei": "ABCDEFGHJKL1",
        **fields,
    }


def use(**fields: Any) -> dict[str, Any]:
    row = {"id": "F1", "agency_id": "22-01", "parent": "Department of Rivers", "sub_id": "", "sub": ""}
    return row | {"ato_date": "2020-03-01T20:00:00.000Z", "exp_date": ""} | fields


RIVERS = {"id": "22-01", "parent": "Department of Rivers", "sub": ""}
FORDS = {"id": "22-01-02", "parent": "Department of Rivers", "sub": "Bureau of Fords"}


def catalogue(
    *, products: Any = None, agencies: Any = None, authorizations: Any = None, reuses: Any = None
) -> dict[str, Any]:
    lists = {
        "Products": [product()] if products is None else products,
        "Agencies": [RIVERS, FORDS] if agencies is None else agencies,
        "AtoMapping": authorizations or [],
        "ReuseMapping": [use()] if reuses is None else reuses,
    }
    return {"data": lists}


def take(content: Any, **options: Any) -> Report:
    sent = content if isinstance(content, bytes) else json.dumps(content).encode()
    return import_catalogue(name="m.json", opened=lambda: io.BytesIO(sent), **options)


def take_extract() -> Report:
    return import_catalogue(name=EXTRACT.name, opened=lambda: EXTRACT.open("rb"))


def reasons(report: Report) -> list[str]:
    return [reason for _kind, reason in report.reasons]


def test_a_product_becomes_a_service_of_its_provider_and_an_authorization_a_subscription() -> None:
    take(catalogue())
    service = Service.objects.get(code="FedRAMP-F1")
    assert (service.name, service.lifecycle) == ("Works Platform", "live")
    assert service.description == "FedRAMP Authorized; impact level Moderate; PaaS, SaaS\n\nRuns *things*."
    assert (service.provider.organization.name, service.provider.kind) == ("Cloud Works, Inc.", "private_partner")
    assert Identifier.objects.get(value="ABCDEFGHJKL1").scheme == "US-UEI"
    subscription = Subscription.objects.get(service=service)
    assert (subscription.agency.name, subscription.starts_on) == ("Department of Rivers", datetime.date(2020, 3, 1))
    assert subscription.ends_on is None
    assert Identifier.objects.filter(organization=subscription.agency).values_list("scheme", "value").get() == (
        "FedRAMP",
        "22-01",
    )


@pytest.mark.parametrize(
    ("status", "lifecycle"),
    [("FedRAMP Authorized", "live"), ("FedRAMP In Process", "in_delivery"), ("FedRAMP Ready", "business_case")],
)
def test_the_status_says_where_a_service_is_in_its_life(status: str, lifecycle: str) -> None:
    take(catalogue(products=[product(status=status)]))
    assert Service.objects.get(code="FedRAMP-F1").lifecycle == lifecycle


def test_importing_twice_changes_nothing_and_a_later_file_updates() -> None:
    assert not take(catalogue()).changed_nothing()
    before = list(Service.objects.values_list("version")) + list(Subscription.objects.values_list("version"))
    assert take(catalogue()).changed_nothing()
    assert before == list(Service.objects.values_list("version")) + list(Subscription.objects.values_list("version"))
    later = catalogue(
        products=[product(cso="Works Platform 2", status="FedRAMP In Process")],
        reuses=[use(exp_date="2026-01-31T20:00:00.000Z")],
    )
    report = take(later)
    assert (report.counts[Kind.SERVICE].replaced, report.counts[Kind.SUBSCRIPTION].replaced) == (1, 1)
    assert Service.objects.get(code="FedRAMP-F1").name == "Works Platform 2"
    assert Subscription.objects.get(service__code="FedRAMP-F1").ends_on == datetime.date(2026, 1, 31)


def test_what_people_said_of_a_vendor_stays() -> None:
    take(catalogue())
    Vendor.objects.filter(services__code="FedRAMP-F1").update(kind="internal")
    take(catalogue(products=[product(cso="Other")]))
    assert Vendor.objects.get(services__code="FedRAMP-F1").kind == "internal"


def test_ids_with_spaces_are_read_without_them() -> None:
    report = take(catalogue(products=[product(id="F1 ")], reuses=[use(id=" F1")]))
    assert not report.refused
    assert Subscription.objects.filter(service__code="FedRAMP-F1").count() == 1


def test_a_provider_given_with_its_product_is_the_provider() -> None:
    take(catalogue(products=[product(csp="Deltek - Replicon", uei="")]))
    assert Vendor.objects.get(services__code="FedRAMP-F1").organization.name == "Deltek"


def test_an_agency_that_provides_is_another_jurisdictions_and_no_private_partner() -> None:
    take(catalogue(products=[product(csp="United States Department of Rivers", uei="")]))
    vendor = Vendor.objects.get(services__code="FedRAMP-F1")
    assert vendor.kind == "cross_jurisdictional"
    assert vendor.organization.subscriptions.exists()


@pytest.mark.parametrize(
    ("website", "kind"),
    [
        ("https://www.cloud.gov", "cross_jurisdictional"),
        ("https://gov.example.com", "private_partner"),
        ("https://[", "private_partner"),
    ],
)
def test_only_governments_have_addresses_that_end_in_gov(website: str, kind: str) -> None:
    take(catalogue(products=[product(website=website)]))
    assert Vendor.objects.get(services__code="FedRAMP-F1").kind == kind


def test_a_bureau_is_a_part_of_its_department_and_known_by_its_own_id() -> None:
    take(catalogue(reuses=[use(sub_id="22-01-02", sub="Bureau of Fords")]))
    agency = Subscription.objects.get(service__code="FedRAMP-F1").agency
    assert agency.name == "Bureau of Fords"
    assert agency.parent is not None
    assert agency.parent.name == "Department of Rivers"


def test_an_agency_that_the_file_does_not_list_is_read_from_the_row_that_names_it() -> None:
    row = use(agency_id="22-09", sub_id="22-09-01", parent="Department of Wells", sub="Bureau of Pumps")
    assert not take(catalogue(reuses=[row])).refused
    agency = Subscription.objects.get(service__code="FedRAMP-F1").agency
    assert agency.parent is not None
    assert (agency.name, agency.parent.name) == ("Bureau of Pumps", "Department of Wells")
    assert agency.identifiers.get().value == "22-09-01"


def test_an_agency_without_an_id_is_known_by_its_names() -> None:
    take(catalogue(authorizations=[use(agency_id="", sub="Bureau of Fords")], reuses=[]))
    assert Subscription.objects.get(service__code="FedRAMP-F1").agency.identifiers.get().value == "22-01-02"


def test_several_authorizations_of_one_agency_are_one_subscription() -> None:
    first = use(ato_date="2019-05-01T20:00:00.000Z", exp_date="2022-05-01T20:00:00.000Z")
    second = use(ato_date="2021-05-01T20:00:00.000Z", exp_date="2024-05-01T20:00:00.000Z")
    take(catalogue(authorizations=[first], reuses=[second]))
    row = Subscription.objects.get(service__code="FedRAMP-F1")
    assert (row.starts_on, row.ends_on) == (datetime.date(2019, 5, 1), datetime.date(2024, 5, 1))
    take(catalogue(reuses=[second, use(exp_date="Not Active")]))
    row.refresh_from_db()
    assert (row.starts_on, row.ends_on) == (datetime.date(2020, 3, 1), None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"reuses": [use(id="F2")]}, "names a product that the file does not list"),
        ({"reuses": [use(parent="", agency_id="")]}, "It names no agency."),
        ({"reuses": [use(ato_date="N/A")]}, "It says no day of authorization (“ato_date”)."),
        ({"reuses": [use(ato_date="soon")]}, "“soon” is no date."),
        ({"reuses": [use(exp_date="2019-01-01T20:00:00.000Z")]}, "It ends on 2019-01-01, before it starts"),
        ({"authorizations": [use(parent="Legacy JAB Authorization")]}, "A board authorized this product"),
        ({"products": [product(csp=" ")]}, "It names no provider (“csp”)."),
        ({"products": [product(cso="")]}, "It has no name (“cso”)."),
        ({"products": [product(status="Gone")]}, "Its status is “Gone”; expected: FedRAMP Authorized"),
        ({"products": [product(id="F 1")]}, "Its id is missing, too long, or has other signs"),
        ({"products": [product(), product()]}, "The file lists this product twice"),
        ({"products": [product(uei="N8MAWLN45HN5SAM")]}, "“N8MAWLN45HN5SAM” is no UEI"),
    ],
)
def test_what_cannot_be_taken_says_why(changes: dict[str, Any], reason: str) -> None:
    assert any(reason in each for each in reasons(take(catalogue(**changes)))), reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>", "it is no JSON"),
        (b"\xff\xfe", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        ([], "lacks the list Products, Agencies"),
        ({"data": {"Products": [], "Agencies": {}, "AtoMapping": []}}, "lacks the list Agencies, ReuseMapping."),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_as_a_whole(content: Any, reason: str) -> None:
    report = take(content)
    assert reason in reasons(report)[0]
    assert report.changed_nothing()


def test_rows_of_any_shape_are_judged_and_never_break_it() -> None:
    odd: list[Any] = [None, 3, "x", [], {}, {"id": ["F1"]}, {"id": True, "csp": {}, "uei": 12}, {"id": "F1", "sub": 5}]
    report = take(catalogue(products=odd, agencies=odd, authorizations=odd, reuses=odd))
    assert report.counts[Kind.SERVICE].created == 0


def test_a_service_under_a_contract_keeps_its_provider(world: World) -> None:
    take(catalogue())
    service = Service.objects.get(code="FedRAMP-F1")
    contract = Contract.objects.create(
        number="F", title="Cloud", vendor=service.provider, agency=world.health, starts_on=datetime.date(2020, 1, 1)
    )
    Service.objects.filter(pk=service.pk).update(contract=contract)
    report = take(catalogue(products=[product(csp="Someone Else", uei="")]))
    assert "the file now names Someone Else" in reasons(report)[0]
    service.refresh_from_db()
    assert service.provider_id == contract.vendor_id


def test_subscriptions_that_people_split_are_left_to_them() -> None:
    take(catalogue())
    row = Subscription.objects.get(service__code="FedRAMP-F1")
    Subscription.objects.filter(pk=row.pk).update(ends_on=datetime.date(2020, 12, 31))
    Subscription.objects.create(agency=row.agency, service=row.service, starts_on=datetime.date(2022, 1, 1))
    assert "several subscriptions" in reasons(take(catalogue()))[0]
    assert Subscription.objects.filter(service=row.service).count() == 2


def test_the_number_of_statements_is_fixed() -> None:
    def statements(content: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            take(content)
        return len(queries)

    few = statements(catalogue())
    keys = [f"G{number}" for number in range(30)]
    many = catalogue(
        products=[product(id=key, csp=f"Vendor {key}", uei="") for key in keys], reuses=[use(id=key) for key in keys]
    )
    assert statements(many) <= few + 3


def test_the_extract_brings_private_partners_and_who_uses_them(login: Login, cast: Cast) -> None:
    report = take_extract()
    assert report.counts[Kind.SERVICE].created == 78
    assert report.refused == {Kind.SUBSCRIPTION: 2}
    assert take_extract().changed_nothing()
    assert Vendor.objects.filter(organization__name="Microsoft", kind="private_partner").count() == 1
    forest = Organization.objects.get(name="United States Forest Service")
    assert forest.subscriptions.count() == 7
    page = login(cast.cio).get(Service.objects.get(code="FedRAMP-MSO365MT").get_absolute_url()).content.decode()
    assert "Microsoft" in page
    assert "Department of Agriculture" in page
    assert "impact level Moderate" in page


def test_the_command_tries_out_first_and_lists_what_is_refused(tmp_path: Path) -> None:
    said, refused = io.StringIO(), tmp_path / "refused.csv"
    call_command("import_catalogue", str(EXTRACT), "--dry-run", "--refused", str(refused), stdout=said)
    assert "Tried out only" in said.getvalue()
    assert not Service.objects.filter(code__startswith="FedRAMP-").exists()
    rows = list(csv.DictReader(refused.open(encoding="utf-8-sig", newline="")))
    assert {row["kind"] for row in rows} == {"subscription"}
    assert {row["key"].split()[0] for row in rows} == {"F1212191840"}
    call_command("import_catalogue", str(EXTRACT), stdout=said)
    assert Service.objects.filter(code__startswith="FedRAMP-").count() == 78
    call_command("import_catalogue", str(EXTRACT), stdout=said)
    assert "Nothing changed" in said.getvalue()
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_catalogue", str(tmp_path / "none.json"), stdout=said)


def test_a_catalogue_sent_through_the_page_is_tried_out_before_it_is_taken(login: Login, cast: Cast) -> None:
    client = login(cast.cio)
    assert "Import a catalogue" in client.get("/services/").content.decode()
    sent = SimpleUploadedFile("m.json", json.dumps(catalogue(reuses=[use(), use(id="F2")])).encode())
    assert client.post("/services/import/", {"file": sent}).status_code == 302
    row = work(ContractImport.objects.latest("pk"))
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Import of a catalogue" in page
    assert "names a product that the file does not list" in page
    assert not Service.objects.filter(code="FedRAMP-F1").exists()
    run(client, row)
    assert (row.report["created"], row.report["refused"]) == (1, 1)
    assert Service.objects.filter(code="FedRAMP-F1").exists()
    assert "m.json" in client.get("/services/import/").content.decode()
    assert "m.json" not in client.get("/contracts/import/").content.decode()
    assert login(cast.manager).get("/services/import/").status_code == 404
