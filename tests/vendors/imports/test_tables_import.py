"""Tables of contracts: revisions become amendments of one contract, and importing twice changes nothing.

`TABLES_FOLDER` in the environment names a folder with the whole files of Chicago and Philadelphia.
"""

import csv
import datetime
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from vendors.imports.contracts.reporting import Report
from vendors.imports.contracts.rows import Kind
from vendors.imports.tables.fields import Holds
from vendors.imports.tables.loading import import_tables
from vendors.imports.tables.reading import Manner, RowError, amount, day
from vendors.models import Amendment, Contract, KeptTableRow, Payment

MANNER = {"holds", "agency", "totals"}
FOLDER = os.environ.get("TABLES_FOLDER")
CHICAGO = {
    "number": ["Purchase Order (Contract) Number"],
    "revision": ["Revision Number"],
    "title": ["Purchase Order Description"],
    "vendor": ["Vendor Name"],
    "vendor_id": ["Vendor ID"],
    "agency": ["Department"],
    "starts_on": ["Start Date"],
    "ends_on": ["End Date"],
    "signed_on": ["Approval Date"],
    "amount": ["Award Amount"],
}
PHILADELPHIA = {
    "number": ["original_contract_id"],
    "revision": ["current_item_id"],
    "title": ["short desc", "short_desc"],
    "vendor": ["vendor"],
    "agency": ["department_name"],
    "starts_on": ["start_dt"],
    "ends_on": ["end_dt"],
    "amount": ["contract_amount", "amt"],
}
SAN_FRANCISCO = {
    "number": ["Contract Number"],
    "order": ["Purchase Order"],
    "title": ["Contract Title"],
    "vendor": ["Supplier & Other Non-Supplier Payees"],
    "agency": ["Department"],
    "year": ["Fiscal Year"],
    "amount": ["Vouchers Paid"],
}
PAID = Path(__file__).parent / "tables_data" / "san-francisco-2026" / "payments.csv"
EXTRACT = Path(__file__).parent / "tables_data" / "chicago-2025" / "contracts.csv"
HEADER = "No,Rev,Vendor,Agency,Start,End,Amount"
MAPS = [
    "number=No",
    "revision=Rev",
    "vendor=Vendor",
    "agency=Agency",
    "starts_on=Start",
    "ends_on=End",
    "amount=Amount",
]
MAPPING = {field: [header] for field, _sign, header in (each.partition("=") for each in MAPS)}
ROWS = (
    HEADER,
    '7,11,"Paving, Inc.",Roads,,12/31/2026,"(1,000.25)"',
    '7,0,"Paving, Inc.",Roads,1/2/24,12/31/2024,"$5,000.00 "',
    '7,2,"Paving, Inc.",Roads,2024-01-02T09:33:54Z,20251231,0',
)


def take(paths: list[Path], mapping: dict[str, list[str]], **options: object) -> Report:
    files = [(path.name, lambda path=path: path.open("rb")) for path in paths]
    manner = {"holds": Holds.CONTRACT_TABLE, **{name: options.pop(name) for name in MANNER & options.keys()}}
    return import_tables(files=files, manner=Manner(source="Register", columns=mapping, **manner), **options)


def command(path: Path, *options: str) -> None:
    maps = [option for each in MAPS for option in ("--map", each)]
    call_command("import_contracts", str(path), "--source", "Register", *maps, *options, verbosity=0)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_revisions_become_amendments_of_one_contract(db: None, tmp_path: Path, line_end: str, separator: str) -> None:
    path = tmp_path / "contracts.csv"
    rows = (
        ROWS if separator == "," else [row.replace("Paving, Inc.", "Paving").replace("$5,000", "5000") for row in ROWS]
    )
    if separator == ";":
        rows = [row.replace("(1,000.25)", "(1000.25)").replace(",", ";") for row in rows]
    path.write_bytes(line_end.join(rows).encode())
    command(path)
    row = Contract.objects.get()
    assert (row.number, row.value, row.agency.name) == ("7", Decimal("3999.75"), "Roads")
    assert (row.starts_on.isoformat(), row.ends_on.isoformat()) == ("2024-01-02", "2026-12-31")
    changes = {each.reference: (each.value_change, str(each.new_ends_on)) for each in row.amendments.all()}
    assert changes == {"2": (Decimal(0), "2025-12-31"), "11": (Decimal("-1000.25"), "2026-12-31")}


def test_trying_out_writes_nothing_and_refused_rows_are_told(db: None, tmp_path: Path) -> None:
    path, refused = tmp_path / "contracts.csv", tmp_path / "refused.csv"
    path.write_bytes("\n".join([*ROWS, "8,0,Café,Roads,soon,,1", "9,0,,Roads,,,1"]).encode("cp1252"))
    command(path, "--dry-run", "--refused", str(refused))
    assert not Contract.objects.exists()
    lines = refused.read_text("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "“soon” is no date" in lines[1]
    assert "no vendor" in lines[2]


def test_a_column_that_is_not_there_is_named(db: None, tmp_path: Path) -> None:
    path = tmp_path / "contracts.csv"
    path.write_text("No,Supplier\n1,x\n")
    with pytest.raises(CommandError, match="one column “Rev”"):
        command(path)


def test_what_is_no_workbook_is_said(db: None, tmp_path: Path) -> None:
    path = tmp_path / "contracts.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing more")
    with pytest.raises(CommandError, match="cannot be read"):
        command(path)


def test_a_workbook_is_read_like_a_csv_file(db: None, tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.active.append(HEADER.split(","))
    workbook.active.append([7.0, 0, "Paving", "Roads", datetime.date(2024, 1, 2), None, 12.5])
    workbook.save(tmp_path / "contracts.xlsx")
    command(tmp_path / "contracts.xlsx")
    row = Contract.objects.get()
    assert (row.number, row.value, row.starts_on.isoformat()) == ("7", Decimal("12.50"), "2024-01-02")


def test_revisions_of_a_city_become_amendments_in_their_order(db: None) -> None:
    report = take([EXTRACT], CHICAGO)
    assert (report.counts[Kind.CONTRACT].created, Amendment.objects.count()) == (7, 12)
    reasons = {reason for kind, reason in report.reasons if kind == Kind.CONTRACT}
    assert reasons == {"No row names its agency. Say whose such contracts are."}
    row = Contract.objects.get(number="P010959")
    # 295,566.50 + 0.00 + 9,300.00 + 8,343.80 − 50,380.20
    assert (row.value, str(row.starts_on), str(row.ends_on)) == (Decimal("262830.10"), "1996-04-15", "1998-03-31")
    changes = [(each.reference, str(each.value_change)) for each in row.amendments.order_by("signed_on")]
    assert changes == [("P605871", "0.00"), ("P607452", "9300.00"), ("P704433", "8343.80"), ("L800784", "-50380.20")]
    assert str(Contract.objects.get(number="230568").starts_on) == "2023-05-23"  # no start: the day it was signed
    assert Contract.objects.get(number="28955").value is None  # less than nothing: its first revision is not there
    assert row.vendor.organization.identifiers.get().value == "92747058T"
    again = take([EXTRACT], CHICAGO)
    assert again.changed_nothing()


def test_a_later_file_updates_what_earlier_ones_said(db: None, tmp_path: Path) -> None:
    """Quarterly files, sent one by one, come to the same as all at once; what a later one leaves out stays."""
    texts = [f"{ROWS[0]}\n{ROWS[2]}", "\n".join(ROWS), f'{ROWS[0]}\n7,2,"Paving LLC",Roads,,6/30/2026,250']
    paths = [tmp_path / f"{number}.csv" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
        take([path], MAPPING)

    def told() -> list[object]:
        amendments = Amendment.objects.order_by("reference").values_list("reference", "value_change", "new_ends_on")
        return [*Contract.objects.values_list("value", "ends_on"), *amendments]

    one_by_one = told()
    assert one_by_one[0] == (Decimal("4249.75"), datetime.date(2026, 12, 31))
    Amendment.objects.all().delete()
    Contract.objects.all().delete()
    KeptTableRow.objects.all().delete()
    take(paths, MAPPING)
    assert told() == one_by_one


def test_amounts_may_be_totals(db: None, tmp_path: Path) -> None:
    path = tmp_path / "contracts.csv"
    path.write_text(f"{HEADER}\n7,0,Paving,Roads,2024-01-02,,100\n7,1,Paving,Roads,,,\n7,2,Paving,Roads,,,80\n")
    take([path], MAPPING, totals=True)
    assert Contract.objects.get().value == 80
    assert list(Amendment.objects.order_by("reference").values_list("value_change", flat=True)) == [None, Decimal(-20)]


def test_payments_of_a_city_by_contract_department_and_year(db: None) -> None:
    report = take([PAID], SAN_FRANCISCO, holds=Holds.PAYMENT_TABLE)
    assert [reason for _kind, reason in report.reasons] == ["It names neither a contract nor a purchase order."]
    assert report.refused == {Kind.PAYMENT: 2}
    row = Contract.objects.get(number="1000012610")
    paid = {each.reference: each.amount for each in row.payments.all()}
    with PAID.open(newline="") as file:
        cells = [each for each in csv.DictReader(file) if each["Contract Number"] == "1000012610.0"]
    sums: dict[str, Decimal] = {}
    for each in cells:
        key = " · ".join(each[name] for name in ("Fiscal Year", "Department", "Supplier & Other Non-Supplier Payees"))
        sums[key] = sums.get(key, Decimal(0)) + Decimal(each["Vouchers Paid"])
    assert paid == sums
    assert len(paid) < len(cells)
    assert (row.value, row.agency.name) == (None, max(sums).split(" · ")[1])
    assert {each.paid_on.isoformat()[4:] for each in row.payments.all()} == {"-06-30"}
    # Without a contract a purchase order is one, which lasted the year in which it was paid.
    order = Contract.objects.get(number="DPUW0700493301")
    assert (str(order.starts_on), str(order.ends_on)) == ("2007-07-01", "2008-06-30")
    assert take([PAID], SAN_FRANCISCO, holds=Holds.PAYMENT_TABLE).changed_nothing()


def test_payments_hang_on_the_contract_of_the_same_source(db: None, tmp_path: Path) -> None:
    contracts, payments = tmp_path / "contracts.csv", tmp_path / "payments.csv"
    contracts.write_text("\n".join(ROWS))
    payments.write_text(
        "No,Vendor,Agency,Year,Amount\n7,Paving,Roads,2024,10\n7,Paving,Roads,2024,5\n7,Paving,Roads,,5\n"
    )
    columns = {"number": ["No"], "vendor": ["Vendor"], "agency": ["Agency"], "year": ["Year"], "amount": ["Amount"]}
    take([contracts], MAPPING)
    report = take([payments], columns, holds=Holds.PAYMENT_TABLE)
    assert [reason for _kind, reason in report.reasons] == ["It does not say when it was paid."]
    row = Contract.objects.get()
    assert (row.value, row.payments.get().amount) == (Decimal("3999.75"), 15)


def test_rows_of_one_revision_are_never_dropped_unsaid(db: None, tmp_path: Path) -> None:
    path = tmp_path / "contracts.csv"
    path.write_text(f"{HEADER}\n7,,Paving,Roads,2024-01-02,,5\n7,,Paving,Roads,2024-01-02,,6\n")
    report = take([path], MAPPING)
    assert [reason for _kind, reason in report.reasons] == ["A row above names the same revision."]
    assert Contract.objects.get().value == 5


@pytest.mark.parametrize("cell", [b"Pa\0ving", b"Pa\x81ving"])
def test_signs_that_cannot_be_read_are_refused(db: None, tmp_path: Path, cell: bytes) -> None:
    path = tmp_path / "contracts.csv"
    path.write_bytes(HEADER.encode() + b"\n7,0," + cell + b",Roads,2024-01-02,,5\n")
    report = take([path], MAPPING)
    assert [reason for _kind, reason in report.reasons] == ["It holds signs that cannot be read, or NUL."]


@pytest.mark.parametrize(("read", "text"), [(day, "13/45/2024"), (amount, "NaN"), (amount, "1e99"), (amount, "ten")])
def test_what_is_no_date_or_amount_is_refused(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(RowError, match=text):
        read(text)


@pytest.mark.skipif(FOLDER is None, reason="TABLES_FOLDER names no folder")
@pytest.mark.parametrize("city", ["chicago", "philadelphia", "san-francisco"])
def test_whole_files(db: None, city: str) -> None:
    folder = Path(FOLDER)
    pattern, mapping, holds = {
        "chicago": ("chicago-contracts/*.csv", CHICAGO, Holds.CONTRACT_TABLE),
        "philadelphia": ("philadelphia-contracts/professional-services/*.csv", PHILADELPHIA, Holds.CONTRACT_TABLE),
        "san-francisco": ("san-francisco-vendor-payments/*.csv", SAN_FRANCISCO, Holds.PAYMENT_TABLE),
    }[city]
    paths = sorted(folder.glob(pattern))
    for path in paths:
        report = take([path], mapping, agency="The City", holds=holds)
        print(city, path.name, dict(report.counts), report.reasons.most_common(8))
    print(Contract.objects.count(), Amendment.objects.count(), Payment.objects.count())
    print(Amendment.objects.filter(value_change__lt=0).count(), Contract.objects.filter(value=None).count())
    assert take(paths, mapping, agency="The City", holds=holds).changed_nothing()
