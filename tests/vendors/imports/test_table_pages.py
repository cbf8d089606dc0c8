"""Tables sent through the pages: columns are guessed, chosen, remembered; tried out, taken, undone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kernel.accounts.models import User
from kernel.directory.models import Organization
from kernel.uploads.operations import run_upload
from tests.conftest import Cast, World, make_service_level
from vendors.imports.pages.uploading import do_import
from vendors.imports.tables.trying import try_out_table
from vendors.imports.tables.undoing import do_undo
from vendors.models import Amendment, Contract, ContractImport, KeptTableRow, Payment, TableMapping, Vendor

pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]
DATA = Path(__file__).parent / "tables_data"
CHICAGO = DATA / "chicago-2025" / "contracts.csv"
SAN_FRANCISCO = DATA / "san-francisco-2026" / "payments.csv"
SMALL = b"Contract number,Vendor,Agency,Start date,Amount\nT-1,Paving Inc,Roads,1/2/24,5\n"


def send(client: Client, name: str, content: bytes, holds: str = "table", source: str = "City of Chicago") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("vendors:table_import_create"), {"file": file, "holds": holds, "source": source})


def chosen_in(client: Client, address: str) -> dict[str, str]:
    """What the form of columns holds as it is shown."""
    form = client.get(address).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def work(row: ContractImport, task: Any = do_import) -> ContractImport:
    row.refresh_from_db()
    assert row.job is not None
    for part in row.job.ranges.all():
        task(part.pk)
    row.refresh_from_db()
    return row


def try_out(client: Client, row: ContractImport, **changes: str) -> ContractImport:
    client.post(row.columns_url, {**chosen_in(client, row.columns_url), **changes})
    return work(row)


def take(client: Client, row: ContractImport) -> ContractImport:
    client.post(reverse("vendors:contract_import_run", args=[row.pk]), {"mode": "partial"})
    return work(row)


def undo(client: Client, row: ContractImport) -> ContractImport:
    client.post(reverse("vendors:table_import_undo", args=[row.pk]))
    return work(row, do_undo)


def test_a_city_from_its_file_to_its_contracts(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    answer = send(client, "contracts.csv", CHICAGO.read_bytes())
    row = ContractImport.objects.get()
    assert answer["Location"] == row.columns_url
    page = client.get(row.columns_url).content.decode()
    assert "Purchase Order (Contract) Number" in page
    assert "Numbers" in page
    assert chosen_in(client, row.columns_url) == {
        "number": "Purchase Order (Contract) Number",
        "revision": "Revision Number",
        "title": "Purchase Order Description",
        "vendor": "Vendor Name",
        "vendor_id": "Vendor ID",
        "agency": "Department",
        "starts_on": "Start Date",
        "ends_on": "End Date",
        "signed_on": "Approval Date",
        "amount": "Award Amount",
        "street": "Address 1",
        "city": "City",
        "state": "State",
        "zip": "Zip",
        "owner": "",
        "totals": "",
    }
    try_out(client, row, owner="City Hall")
    assert not Contract.objects.filter(source="City of Chicago").exists()
    # Of nine contracts one has no day on which it starts or was signed.
    assert row.report["created"] == 8
    take(client, row)
    assert Contract.objects.filter(source="City of Chicago").count() == 8
    assert Amendment.objects.count() == 12
    address = Contract.objects.get(number="P010959").vendor.organization.addresses.get()
    assert address.line == "214 CRYSTAL STREET EFT STE C, CARY, IL, 60013"
    known = TableMapping.objects.get()
    assert (known.columns["number"], known.agency) == (["Purchase Order (Contract) Number"], "City Hall")


def test_payments_are_guessed_and_taken(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    send(client, "payments.csv", SAN_FRANCISCO.read_bytes(), holds="payments", source="San Francisco")
    row = ContractImport.objects.get()
    guessed = chosen_in(client, row.columns_url)
    assert guessed["number"] == "Contract Number"
    assert guessed["order"] == "Purchase Order"
    assert guessed["agency"] == "Department"
    assert guessed["year"] == "Fiscal Year"
    assert guessed["amount"] == "Vouchers Paid"
    try_out(client, row, vendor="Supplier & Other Non-Supplier Payees")
    assert row.report["refused"] == 2
    take(client, row)
    assert Payment.objects.count() == row.report["created"] > 10
    refused = client.get(reverse("vendors:contract_import_refused", args=[row.pk]))
    assert b"neither a contract nor a purchase order" in b"".join(refused.streaming_content)


def test_the_next_file_of_a_source_is_read_like_the_last(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    send(client, "first.csv", b"Nr,Firma,Amt fuer,Beginn\nT-1,Paving Inc,Roads,1/2/24\n")
    row = ContractImport.objects.get()
    take(client, try_out(client, row, number="Nr", vendor="Firma", agency="Amt fuer", starts_on="Beginn"))
    send(client, "second.csv", b"Beginn,Nr,Firma,Amt fuer\n1/2/24,T-2,Paving Inc,Roads\n")
    second = ContractImport.objects.latest("pk")
    chosen = chosen_in(client, second.columns_url)
    assert [chosen[name] for name in ("number", "vendor", "agency", "starts_on")] == [
        "Nr",
        "Firma",
        "Amt fuer",
        "Beginn",
    ]
    assert "as for the last table" in client.get(second.columns_url).content.decode()


def test_what_is_wrong_with_columns_is_told(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    rows = [f"{number},Paving,{'2024-01-02' if number % 2 else '1/2/24'}," for number in range(9)]
    send(client, "contracts.csv", "\n".join(["Number,Vendor,Start date,Amount", *rows, "9,,soon,ten"]).encode())
    page = client.get(ContractImport.objects.get().columns_url).content.decode()
    assert "1 of 10 cells are empty." in page
    assert "“soon” is no date." in page
    assert "2024-12-31, 12/31/2024" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": ""}, "Choose the column of: Contract number"),
        ({"vendor": "Contract number"}, "chosen more than once"),
        ({"vendor": "No such column"}, "Select a valid choice"),
    ],
)
def test_a_choice_that_cannot_be_is_said_and_kept(
    cast: Cast, login: Login, changes: dict[str, str], words: str
) -> None:
    client = login(cast.cio)
    send(client, "contracts.csv", SMALL)
    row = ContractImport.objects.get()
    answer = client.post(row.columns_url, {**chosen_in(client, row.columns_url), **changes, "owner": "Typed"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page
    assert 'value="Typed"' in page
    row.refresh_from_db()
    assert row.job is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "The file is empty."),
        (b"Number,Vendor\n", "a header and no rows"),
        (b"PK\x03\x04 nothing more", "cannot be read"),
        (b'Number\n"' + b"x" * 200_000, "field larger"),
    ],
)
def test_what_is_no_table_is_said(cast: Cast, login: Login, content: bytes, words: str) -> None:
    client = login(cast.cio)
    answer = send(client, "contracts.xlsx", content)
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
        assert client.post(ContractImport.objects.get().columns_url, {"number": "Number"}).status_code == 404
    assert answer.status_code == 200
    assert words in answer.content.decode()


def counts() -> list[int]:
    return [
        model._default_manager.count() for model in (Contract, Amendment, Payment, Vendor, Organization, KeptTableRow)
    ]


def test_undone_everything_is_as_before(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    before = counts()
    send(client, "contracts.csv", CHICAGO.read_bytes())
    row = take(client, try_out(client, ContractImport.objects.get(), owner="City Hall"))
    assert counts() != before
    undo(client, row)
    assert counts() == before
    page = client.get(row.get_absolute_url()).content.decode()
    assert re.search(r"Undone on .*: 8 contracts were removed, 0 are again", page)
    assert "undone already" in client.get(reverse("vendors:table_import_undo", args=[row.pk])).content.decode()


def test_undone_payments_go_with_those_who_were_paid(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    before = counts()
    rows = b"Contract number,Vendor,Agency,Year,Amount\nT-1,Paving Inc,Roads,2024,5\nT-1,Mowing LLC,Parks,2024,7\n"
    send(client, "payments.csv", rows, holds="payments")
    row = take(client, try_out(client, ContractImport.objects.get()))
    assert [str(each.vendor) for each in Contract.objects.get(number="T-1").co_suppliers.all()] == ["Paving Inc"]
    undo(client, row)
    assert counts() == before


def test_undoing_a_later_file_restores_what_the_earlier_said(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    send(client, "first.csv", SMALL)
    first = take(client, try_out(client, ContractImport.objects.get()))
    later = SMALL.replace(b"1/2/24,5", b"1/2/24,50") + b"T-2,Mowing LLC,Parks,1/2/24,7\n"
    send(client, "second.csv", later)
    second = take(client, try_out(client, ContractImport.objects.latest("pk")))
    assert Contract.objects.get(number="T-1").value == 50
    refused = client.post(reverse("vendors:table_import_undo", args=[first.pk]), follow=True)
    assert "Undo that one first" in refused.content.decode()
    undo(client, second)
    assert Contract.objects.get(number="T-1").value == 5
    assert not Contract.objects.filter(number="T-2").exists()
    assert not Organization.objects.filter(name="Mowing LLC").exists()
    undo(client, first)
    assert not Contract.objects.filter(source="City of Chicago").exists()


def test_a_contract_on_which_something_hangs_stays(world: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    send(client, "contracts.csv", SMALL + b"T-2,Paving Inc,Roads,1/2/24,7\n")
    row = take(client, try_out(client, ContractImport.objects.get()))
    make_service_level("T-1-quality", Contract.objects.get(number="T-1"))
    undo(client, row)
    assert list(Contract.objects.filter(source="City of Chicago").values_list("number", flat=True)) == ["T-1"]
    assert row.job is not None
    assert row.job.result == {"restored": 0, "removed": 1, "kept": 1}


def test_only_the_office_sends_tables(cast: Cast, login: Login) -> None:
    for person in (cast.manager, cast.auditor, cast.agency_member, cast.vendor_member):
        assert send(login(person), "contracts.csv", SMALL).status_code == 404
    assert not ContractImport.objects.exists()


def test_operations_refuse_what_pages_do_not_offer(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    send(client, "contracts.csv", SMALL)
    row = try_out(client, ContractImport.objects.get())
    with pytest.raises(ValidationError, match="Choose whether"):
        run_upload(upload=row, mode=ContractImport.Mode.ALL, task=do_import, by=cast.cio)
    chosen = {name: row.settings[name] for name in ("columns", "agency", "totals")}
    for person in (cast.manager, cast.auditor):
        with pytest.raises(PermissionDenied):
            run_upload(upload=row, mode=ContractImport.Mode.PARTIAL, task=do_import, by=person)
        with pytest.raises(PermissionDenied):
            try_out_table(contract_import=row, chosen=chosen, by=person)
    assert try_out_table(contract_import=row, chosen=chosen, by=cast.cio).report == {}
    take(client, work(row))
    with pytest.raises(ValidationError, match="not imported yet"):
        try_out_table(contract_import=row, chosen=chosen, by=cast.cio)
