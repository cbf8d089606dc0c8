"""What becomes of releases: contracts, their parties and parts; later releases update, and importing twice does not."""

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kernel.directory.models import Alias, Identifier, Organization
from tests.conftest import World, make_service_level
from tests.vendors.imports.ocds import DATA, OCID, RELEASE, contract, reasons, release, take
from vendors.imports.contracts.rows import Kind
from vendors.models import Amendment, Contract, ContractRelease, Payment, Vendor

FICTIONAL = "ocds-213czf-000-00001"


def test_a_contract_in_full(db: None) -> None:
    take(release(tender={"id": "x", "mainProcurementCategory": "works"}))
    row = Contract.objects.with_spent(Payment.objects.all()).get()
    assert (row.title, row.status, row.category, row.kind) == ("Pave the roads", "active", "works", "contract")
    assert (row.vendor.organization.name, row.agency.name) == ("Paving, Inc.", "Department of Roads")
    # Days are the publisher's own, whatever the hour and the offset.
    days = (row.signed_on, row.starts_on, row.ends_on)
    assert days == (datetime.date(2024, 1, 9), datetime.date(2024, 2, 1), datetime.date(2025, 1, 31))
    assert (row.value, row.currency, row.spent) == (Decimal("1000.50"), "USD", Decimal("250.26"))
    milestone, payment = row.milestones.get(), row.payments.get()
    assert (milestone.title, milestone.due_on, milestone.status) == ("Half", datetime.date(2024, 8, 1), "partially_met")
    assert (payment.paid_on, payment.payer, payment.payer_name) == (
        datetime.date(2024, 5, 1),
        row.agency,
        "Department of Roads",
    )
    assert (payment.payee, payment.payee_name) == (None, "Somebody Else")


def test_importing_twice_changes_nothing(db: None) -> None:
    first = take(RELEASE)
    assert first.counts[Kind.CONTRACT].created == 1
    versions = list(Contract.objects.values_list("pk", "version")) + list(Payment.objects.values_list("pk", "version"))
    again = take(RELEASE)
    assert again.changed_nothing()
    assert again.counts[Kind.CONTRACT].unchanged == again.counts[Kind.PAYMENT].unchanged == 1
    assert versions == [
        *Contract.objects.values_list("pk", "version"),
        *Payment.objects.values_list("pk", "version"),
    ]


def test_a_dry_run_counts_and_writes_nothing(db: None) -> None:
    report = take(RELEASE, writes=False)
    assert report.counts[Kind.CONTRACT].created == 1
    assert not Contract.objects.exists()
    assert not Organization.objects.exists()
    assert not ContractRelease.objects.exists()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_later_releases_update_in_whatever_order_they_come(db: None, order: tuple[int, ...]) -> None:
    payment = {"id": "u", "date": "2024-09-01T00:00:00Z", "value": {"amount": 100, "currency": "USD"}}
    releases = [
        RELEASE,
        {
            "ocid": OCID,
            "id": "2",
            "date": "2024-06-01T00:00:00Z",
            "contracts": [{"id": "c", "title": "Pave all roads", "value": {"amount": 2000, "currency": "USD"}}],
        },
        {
            "ocid": OCID,
            "id": "3",
            "date": "2024-09-02T00:00:00Z",
            "contracts": [{"id": "c", "status": "terminated", "implementation": {"transactions": [payment]}}],
        },
    ]
    for position in order:
        take(releases[position])
    row = Contract.objects.with_spent(Payment.objects.all()).get()
    assert (row.title, row.value, row.status) == ("Pave all roads", Decimal(2000), "terminated")
    assert row.spent == Decimal("350.26")
    assert take(*releases).changed_nothing()


def test_an_older_edition_of_a_release_replaces_no_newer_one(db: None) -> None:
    newer = release(date="2024-03-01T00:00:00Z", contracts=contract(title="Newer"))
    take(newer)
    assert take(RELEASE).changed_nothing()
    assert Contract.objects.get().title == "Newer"


def test_what_people_set_stays_and_what_the_source_says_is_replaced(db: None) -> None:
    take(RELEASE)
    Contract.objects.update(number="R-7", criticality=5, holder="cio_office", kind="interjurisdictional", title="Mine")
    take(RELEASE)
    row = Contract.objects.get()
    assert (row.number, row.criticality, row.holder, row.kind) == ("R-7", 5, "cio_office", "interjurisdictional")
    assert row.title == "Pave the roads"


def test_versions_1_0_and_1_1_and_all_forms_of_one_process_agree(db: None) -> None:
    said = {}
    for name in ("fictional-1.1-all-releases", "fictional-1.1-record", "fictional-1.1-versioned-record"):
        take(DATA / f"{name}.json")
        row = Contract.objects.with_spent(Payment.objects.all()).get()
        said[name] = (row.title, row.status, row.value, row.starts_on, row.ends_on, row.spent, row.vendor.pk)
        ContractRelease.objects.all().delete()
    assert len(set(said.values())) == 1
    assert next(iter(said.values()))[5] == Decimal(60_000)


def test_what_1_0_said_otherwise_is_understood(db: None) -> None:
    take(DATA / "fictional-1.0-implementation.json")
    row = Contract.objects.with_spent(Payment.objects.all()).get()
    assert (row.vendor.organization.name, row.agency.name) == (
        "AnyCorp Cycle Provision",
        "London Borough of Barnet",
    )
    assert row.spent == Decimal(600_000)
    payment = row.payments.first()
    assert (payment.payer, payment.payee) == (row.agency, row.vendor.organization)


def test_an_amendment_says_what_it_changed(db: None) -> None:
    stages = ("tender", "award", "contract", "implementation", "contractAmendment")
    take(*(DATA / f"change-history-{stage}.json" for stage in stages))
    amendment = Amendment.objects.get()
    assert (amendment.reference, amendment.signed_on) == ("0001", datetime.date(2011, 4, 5))
    assert amendment.reason.startswith("Due to unforeseen complications")
    assert (amendment.value_change, amendment.new_ends_on) == (Decimal(2_500_000), datetime.date(2011, 10, 30))
    assert amendment.contract.value == Decimal(13_500_000)


def test_of_several_suppliers_the_first_leads_and_the_others_stand_by(db: None) -> None:
    suppliers = [{"id": "s"}, {"name": "Gravel Ltd"}, {"id": "s"}]
    take(release(awards=[{"id": "a", "suppliers": suppliers}]))
    row = Contract.objects.get()
    assert row.vendor.organization.name == "Paving, Inc."
    assert [each.vendor.organization.name for each in row.co_suppliers.all()] == ["Gravel Ltd"]
    assert Vendor.objects.count() == 2


def test_an_awards_value_is_a_contracts_only_where_it_is_the_only_one(db: None) -> None:
    alone = contract(value=None)
    take(release(contracts=alone))
    assert Contract.objects.get().value == 900
    take(release(ocid="ocds-test-2", contracts=[*alone, {**alone[0], "id": "d"}]))
    assert {row.value for row in Contract.objects.filter(source="ocds-test-2")} == {None}


def test_a_number_that_is_taken_gets_its_process_before_it(db: None, world: World) -> None:
    take(release(contracts=contract(id="C-1")), release(ocid="ocds-test-2"), release(ocid="ocds-test-3"))
    numbers = Contract.objects.filter(source__isnull=False).order_by("source").values_list("number", flat=True)
    assert list(numbers) == ["ocds-test-1/C-1", "c", "ocds-test-3/c"]


def test_parties_of_a_measured_contract_are_fixed(db: None) -> None:
    take(RELEASE)
    make_service_level("roads", Contract.objects.get())
    other = [{"id": "a", "suppliers": [{"name": "Other Paving"}]}]
    report = take(release(date="2024-02-01T00:00:00Z", awards=other))
    assert "its parties are fixed" in reasons(report)[0]
    assert Contract.objects.get().vendor.organization.name == "Paving, Inc."


# --- parties ---


def party(name: str, *identifiers: tuple[str, str]) -> list[dict[str, Any]]:
    """The parties of a release: the buyer, and a supplier of that name."""
    listed = [{"scheme": scheme, "id": value} for scheme, value in identifiers]
    supplier: dict[str, Any] = {"id": "s", "name": name, "additionalIdentifiers": listed[1:]}
    if listed:
        supplier["identifier"] = listed[0]
    return [RELEASE["parties"][0], supplier]


def test_organizations_are_known_by_identifier_then_by_name(db: None) -> None:
    take(RELEASE)
    known = Vendor.objects.get()
    take(release(ocid="o2", parties=party("Paving Worldwide", ("US-EIN", "12-345"), ("US-DUNS", "99"))))
    take(release(ocid="o3", parties=party("PAVING INCORPORATED")))
    take(release(ocid="o4", parties=party("Somebody", ("US-DUNS", "99"))))
    assert {row.vendor for row in Contract.objects.all()} == {known}
    assert sorted(Alias.objects.filter(organization=known.pk).values_list("name", flat=True)) == [
        "PAVING INCORPORATED",
        "Paving Worldwide",
        "Somebody",
    ]
    assert Identifier.objects.filter(organization=known.pk).count() == 2
    assert known.organization.code == "US-EIN-12-345"


def test_two_numbers_of_one_register_are_two_organizations(db: None) -> None:
    take(RELEASE, release(ocid="o2", parties=party("Paving, Inc.", ("US-EIN", "67-890"))))
    assert Vendor.objects.count() == 2
    assert Organization.objects.filter(name="Paving, Inc.").count() == 2


def test_headings_in_the_data_identify_nobody(db: None) -> None:
    heading = ("US-EIN", "Vendor Nbr")
    first = party("One", ("US-X", "1"), heading)
    take(release(parties=first), release(ocid="o2", parties=party("Two", ("US-X", "2"), heading)))
    assert Vendor.objects.count() == 2


def test_organizations_of_the_portal_are_found_again(db: None, world: World) -> None:
    buyer = {"id": "b", "name": "department of HEALTH"}
    take(release(parties=[buyer, {"id": "s", "name": "ACME CLOUD"}]))
    row = Contract.objects.get(source=OCID)
    assert (row.vendor, row.agency) == (world.acme, world.health)
    assert row.holder == Contract.Holder.AGENCY
    assert world.health.aliases.get().name == "department of HEALTH"


def test_the_cio_offices_own_contracts_are_held_by_it(db: None, world: World) -> None:
    take(release(parties=[{"id": "b", "name": "Office of the CIO"}, RELEASE["parties"][1]]))
    assert Contract.objects.get(source=OCID).holder == Contract.Holder.CIO_OFFICE


# --- the command ---


def test_the_command_reads_folders_and_says_what_came_of_it(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = tmp_path / "refused.csv"
    call_command("import_ocds", str(DATA), refused=refused)
    said = capsys.readouterr().out
    assert "Contracts" in said
    assert "There is no contract yet." in said
    assert "consortia.json" in refused.read_text(encoding="utf-8-sig")
    call_command("import_ocds", str(DATA))
    assert "Nothing changed" in capsys.readouterr().out


def test_the_command_tries_out(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_ocds", str(DATA / "fictional-1.1-record.json"), dry_run=True)
    assert "nothing was written" in capsys.readouterr().out
    assert not Contract.objects.exists()


def test_the_command_complains_of_files_that_are_not_there(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nothing\.json"):
        call_command("import_ocds", str(tmp_path / "nothing.json"))
    with pytest.raises(CommandError, match="holds no file"):
        call_command("import_ocds", str(tmp_path))
