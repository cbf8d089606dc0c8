"""Files of contracts sent through the page: tried out first, taken once, seen by the CIO's office and auditors."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel.jobs.models import Job
from kernel.uploads import forms
from tests.conftest import Cast, World
from tests.vendors.imports.ocds import OCID, RELEASE, contract, release
from vendors.imports.pages.uploading import do_import
from vendors.models import Contract, ContractImport, ContractImportPart

Login = Callable[..., Client]
URL = "/contracts/import/"


def send(client: Client, content: Any) -> ContractImport:
    """Send a file and have it tried out."""
    sent = content if isinstance(content, bytes) else json.dumps(content).encode()
    response = client.post(URL, {"file": SimpleUploadedFile("roads.json", sent)})
    assert response.status_code == 302, response.context["form"].errors
    row: ContractImport = ContractImport.objects.latest("pk")
    return work(row)


def work(row: ContractImport) -> ContractImport:
    """Do what a worker would."""
    row.refresh_from_db()
    assert row.job is not None
    for part in row.job.ranges.all():
        do_import(part.pk)
    row.refresh_from_db()
    return row


def run(client: Client, row: ContractImport) -> ContractImport:
    client.post(reverse("vendors:contract_import_run", args=[row.pk]), {"mode": "partial"})
    return work(row)


def test_a_file_is_tried_out_before_it_is_taken_once(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    row = send(client, RELEASE)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "What would come of it" in page
    assert not Contract.objects.filter(source=OCID).exists()
    run(client, row)
    assert (row.report["created"], row.report["refused"]) == (1, 0)
    assert Contract.objects.get(source=OCID).payments.count() == 1
    assert not ContractImportPart.objects.exists()
    assert "Imported" in client.get(row.get_absolute_url()).content.decode()
    again = client.post(reverse("vendors:contract_import_run", args=[row.pk]), {"mode": "partial"}, follow=True)
    assert "taken already" in again.content.decode()
    assert Job.objects.count() == 2


def test_what_is_refused_is_shown_and_downloaded(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    broken = release(ocid="ocds-test-2", contracts=contract(id="=c", dateSigned="soon"))
    row = send(client, [RELEASE, broken])
    page = client.get(row.get_absolute_url()).content.decode()
    assert "“soon” is no date." in page
    assert "Import what can be taken" in page
    refused = b"".join(client.get(reverse("vendors:contract_import_refused", args=[row.pk]))).decode("utf-8-sig")  # type: ignore[arg-type]  # streamed
    assert refused.splitlines()[1] == "roads.json,2,contract,ocds-test-2 =c,“soon” is no date."
    run(client, row)
    assert Contract.objects.filter(source__isnull=False).count() == 1


def test_a_file_without_contracts_says_why_and_is_not_offered(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    row = send(client, b"<html>")
    page = client.get(row.get_absolute_url()).content.decode()
    assert "it is no JSON" in page
    assert "There is nothing to change." in page


def test_what_is_there_already_changes_nothing(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    run(client, send(client, RELEASE))
    assert "There is nothing to change." in client.get(send(client, RELEASE).get_absolute_url()).content.decode()


def test_files_that_are_too_large_are_sent_back(cast: Cast, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "LARGEST_FILE", 10)
    response = login(cast.cio).post(URL, {"file": SimpleUploadedFile("x.json", b"{}" * 10)})
    assert "Send files of at most" in response.content.decode()
    assert not ContractImport.objects.exists()


def test_only_the_cio_office_sends_and_auditors_read(cast: Cast, login: Login) -> None:
    row = send(login(cast.cio), RELEASE)
    for name, status in {"auditor": 200, "manager": 404, "vendor_member": 404, "msi_member": 404}.items():
        assert login(getattr(cast, name)).get(row.get_absolute_url()).status_code == status, name
        assert login(getattr(cast, name)).get(URL).status_code == 404, name
    with CaptureQueriesContext(connection) as few:
        login(cast.cio).get(URL)
    send(login(cast.cio), RELEASE)
    with CaptureQueriesContext(connection) as more:
        login(cast.cio).get(URL)
    assert len(few) == len(more)


def test_the_contracts_page_shows_what_became_of_it(cast: Cast, world: World, login: Login) -> None:
    row = world.contract
    row.amendments.create(reference="A-7", reason="Prices rose", value_change="-12.5")
    row.milestones.create(reference="M-7", title="Half the sites", status="partially_met")
    for number in range(60):
        row.payments.create(reference=f"P-{number}", paid_on="2020-01-01", amount=100, payee_name="Acme of old")
    row.co_suppliers.create(vendor=world.rival)
    for user in (cast.cio, cast.agency_member, cast.vendor_member):
        page = login(user).get(row.get_absolute_url()).content.decode()
        for words in ("A-7", "Prices rose", "Half the sites", "Partially met", "Acme of old", "$6,000.00 USD"):
            assert words in page, (user.role, words)
        assert "the latest 50 of 60" in page
        assert "Rival Systems" in page
    assert login(cast.msi_member).get(row.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("status", ["pending", "cancelled", "terminated"])
def test_only_active_contracts_are_in_force(cast: Cast, world: World, login: Login, status: str) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(status=status)
    world.contract.refresh_from_db()
    assert not world.contract.is_in_force()
    assert "Not in force" in login(cast.cio).get(world.contract.get_absolute_url()).content.decode()
    assert not Contract.objects.in_force().filter(pk=world.contract.pk).exists()
    assert "Agreement C-1" not in login(cast.cio).get("/contracts/", {"in_force": "true"}).content.decode()


def test_vendors_are_found_by_other_names_and_identifiers(cast: Cast, world: World, login: Login) -> None:
    world.acme.organization.aliases.create(name="Ajax Hosting")
    world.acme.organization.aliases.create(name="Ajax Hosting of old")
    world.acme.organization.identifiers.create(scheme="US-EIN", value="12-3456789")
    for words in ("ajax", "3456789", "acme ajax"):
        page = login(cast.cio).get("/vendors/", {"search": words})
        names = [row.record.organization.name for row in page.context["table"].rows]
        assert names == ["Acme Cloud"], words
