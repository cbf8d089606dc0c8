"""Tables of contracts: revisions become amendments of one contract, and importing twice changes nothing.

`TABLES_FOLDER` in the environment names a folder with the whole files of Chicago and Philadelphia.
"""

import datetime
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from vendors.models import Amendment, Contract
from vendors.ocds.loading import Report
from vendors.ocds.rows import Kind
from vendors.tabular.loading import import_tables
from vendors.tabular.reading import RowError, amount, day

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
    return import_tables(files=files, source="Register", mapping=mapping, **options)


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


def test_a_part_of_the_revisions_does_not_overwrite_the_whole(db: None, tmp_path: Path) -> None:
    path = tmp_path / "contracts.csv"
    path.write_text("\n".join(ROWS))
    command(path)
    path.write_text(f"{ROWS[0]}\n{ROWS[2]}")
    report = take([path], MAPPING)
    assert any("lack 2 revisions" in reason for _kind, reason in report.reasons)
    assert Contract.objects.get().value == Decimal("3999.75")
    assert Amendment.objects.count() == 2


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
@pytest.mark.parametrize("city", ["chicago", "philadelphia"])
def test_whole_files(db: None, city: str) -> None:
    folder = Path(FOLDER)
    if city == "chicago":
        paths, mapping = [folder / "chicago-contracts" / "chicago_contracts.csv"], CHICAGO
    else:
        paths, mapping = sorted((folder / "philadelphia-contracts/professional-services").glob("*.csv")), PHILADELPHIA
    report = take(paths, mapping, agency="The City")
    print(
        city, dict(report.counts), report.reasons.most_common(8), Amendment.objects.filter(value_change__lt=0).count()
    )
    assert Contract.objects.count() == report.counts[Kind.CONTRACT].created
    again = take(paths, mapping, agency="The City")
    assert again.changed_nothing()
    assert again.refused == report.refused
