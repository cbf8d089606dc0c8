"""Every file ends in contracts or in a clear reason, whatever is in it, and reading it twice changes nothing.

`OCDS_FOLDER` in the environment names a folder with more files, which are read the same way.
"""

import gzip
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.vendors.imports.ocds import DATA, OCID, RELEASE, contract, reasons, release, take
from vendors.imports.contracts.rows import Kind
from vendors.imports.ocds import reading
from vendors.models import Contract, ContractRelease

MORE = os.environ.get("OCDS_FOLDER")
FILES = sorted(
    path
    for folder in filter(None, [DATA, Path(MORE) if MORE else None])
    for path in folder.rglob("*")
    if path.is_file() and path.name != "PROVENANCE.md"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_ends_in_contracts_or_in_a_reason(db: None, path: Path) -> None:
    report = take(path)
    assert Contract.objects.exists() or report.refused
    assert all(reasons(report))
    assert report.counts[Kind.CONTRACT].created == Contract.objects.count()
    again = take(path)
    assert again.changed_nothing()
    assert again.refused == report.refused


def test_all_files_at_once_and_twice(db: None) -> None:
    report = take(*FILES)
    assert report.files == len(FILES)
    assert report.counts[Kind.CONTRACT].created
    assert take(*reversed(FILES), *FILES).changed_nothing()


PACKAGE = {"version": "1.1", "releases": [RELEASE]}
RECORD = {"ocid": OCID, "releases": [RELEASE], "compiledRelease": release(tag=["compiled"], id="x")}


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return file.getvalue()


SENT = json.dumps(RELEASE, ensure_ascii=False).encode()
FORMS: dict[str, Any] = {
    "a release": RELEASE,
    "a release package": PACKAGE,
    "a record": RECORD,
    "a record package": {"records": [RECORD]},
    "an array of packages": [PACKAGE, {"records": [RECORD]}],
    "JSON lines": SENT + b"\n" + SENT + b"\n",
    "packages as JSON lines": json.dumps(PACKAGE).encode() + b"\n\n" + json.dumps({"records": [RECORD]}).encode(),
    "with a byte order mark": b"\xef\xbb\xbf" + SENT,
    "UTF-16": SENT.decode().encode("utf-16"),
    "gzip": gzip.compress(SENT),
    "zip": zipped(one_json=SENT, two_jsonl=SENT, readme_txt=b"no JSON"),
    "a record that links its releases": {
        **RECORD,
        "releases": [{"url": "https://example.org/1", "date": "2024-01-01", "tag": ["contract"]}],
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_all_forms_say_the_same(db: None, form: str) -> None:
    report = take(FORMS[form])
    assert not report.refused
    row = Contract.objects.get()
    assert (row.source, row.source_key, row.number, str(row.value)) == (OCID, "c", "c", "1000.50")
    assert row.payments.count() == row.milestones.count() == 1


def test_older_encodings_are_read(db: None) -> None:
    named = release(contracts=contract(title="Señalización de la Autopista"))
    take(json.dumps(named, ensure_ascii=False).encode("iso-8859-1"))
    assert Contract.objects.get().title == "Señalización de la Autopista"


BROKEN: dict[str, tuple[Any, str]] = {
    "empty": (b"", "The file is empty"),
    "white space": (b" \n", "it is no JSON"),
    "an empty array": ([], "no releases and no records"),
    "no JSON": (b"<html>", "it is no JSON"),
    "cut off": (SENT[:-20], "it is no JSON"),
    "null": (None, "This is no object"),
    "an empty package": ({"releases": []}, "The package is empty"),
    "something else": ({"name": "x"}, "neither a release nor a record"),
    "no ocid": ({"releases": [{"id": "1"}]}, "does not say which contracting process"),
    "links only": ({"releases": [{"url": "https://example.org"}]}, "fetches none"),
    "a list of lists": ([[1]], "This is no object"),
    "too deep": (b'{"ocid": "x", "a": ' + b"[" * 500 + b"]" * 500 + b"}", "lie deeper"),
    "a damaged archive": (b"PK\x03\x04 nonsense", "archive is damaged"),
    "an archive without JSON": (zipped(readme_txt=b"x"), "holds no JSON"),
    "damaged gzip": (gzip.compress(SENT * 50)[:-40], "is damaged"),
    "an amount as text": (release(contracts=contract(value={"amount": "12"})), "should be of type number"),
    "contracts as an object": (release(contracts={"id": "c"}), "should be of type array"),
    "a huge number": (release(contracts=contract(value={"amount": 10**30})), "should be of type number"),
    "no supplier": (release(awards=[]), "No supplier is named"),
    "no buyer": (release(buyer={}, parties=RELEASE["parties"][1:]), "No buyer is named"),
    "a strange date": (release(contracts=contract(dateSigned="soon")), "“soon” is no date"),
    "a day no calendar has": (release(contracts=contract(dateSigned="2024-02-30T00:00:00Z")), "is no date"),
    "the end first": (
        release(contracts=contract(period={"startDate": "2024-02-02", "endDate": "2024-02-01"})),
        "It ends on 2024-02-01, before it starts on 2024-02-02",
    ),
    "no contract id": (release(contracts=[{"title": "x"}]), "It has no id"),
    "no contract": (release(contracts=[], awards=[]), "There is no contract yet"),
    "awarded only": (release(contracts=[]), "There are awards, but no contract yet"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_taken_says_why(db: None, case: str) -> None:
    content, says = BROKEN[case]
    report = take(content)
    assert any(says in reason for reason in reasons(report)), reasons(report)
    assert not Contract.objects.exists()


def test_what_unpacks_to_too_much_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_FILE", 1_000_000)
    for packed in (gzip.compress(SENT + b" " * 2_000_000), zipped(a_json=SENT + b" " * 2_000_000)):
        assert "larger than 1000000 bytes" in reasons(take(packed))[0]


def test_good_pieces_are_taken_and_bad_ones_listed(db: None) -> None:
    implementation = {
        "milestones": [{"id": "m", "dueDate": "sometime"}],
        "transactions": [
            {"id": "1", "date": "2024-01-01T00:00:00Z"},
            {"id": "2", "date": "2024-01-01T00:00:00Z", "value": {"amount": 5}},
            {"id": "3", "date": "2024-01-01T00:00:00Z", "value": {"amount": -5, "currency": "USD"}},
        ],
    }
    broken = contract(value={"amount": 7}, implementation=implementation)
    refused = io.StringIO()
    report = take(b"[1,", release(contracts=broken), refused_to=refused)
    row = Contract.objects.get()
    assert row.value is None
    assert [str(payment.amount) for payment in row.payments.all()] == ["-5.00"]
    assert (report.refused[Kind.FIGURE], report.refused[Kind.MILESTONE], report.refused[Kind.PAYMENT]) == (1, 1, 2)
    lines = refused.getvalue().splitlines()
    assert lines[0] == "file,position,kind,key,reason"
    assert len(lines) == 1 + sum(report.refused.values())
    assert any(line.startswith(f"2.json,1,payment,{OCID} c 2,The amount 5 has no currency") for line in lines)


def test_signs_that_postgresql_refuses_are_left_out(db: None) -> None:
    take(release(contracts=contract(title="A\0B \ud800")))
    assert Contract.objects.get().title.startswith("AB")
    assert ContractRelease.objects.count() == 1


def test_many_processes_in_one_file(db: None, django_assert_max_num_queries: Any) -> None:
    lines = [json.dumps(release(ocid=f"ocds-many-{number:04}")) for number in range(450)]
    with django_assert_max_num_queries(200):
        report = take("\n".join(lines).encode())
    assert report.counts[Kind.CONTRACT].created == 450
    assert report.counts[Kind.ORGANIZATION].created == 2
