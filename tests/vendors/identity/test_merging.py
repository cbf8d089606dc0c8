"""Two vendors become one with everything that hangs on them, and two again."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from kernel.directory.merging import merge_organizations, undo_merge
from kernel.directory.models import Address, Alias, Contact, Identifier, Organization, OrganizationMerge
from metrics.measurements.folding import fold_due
from tests.conftest import LONG_AGO, Cast, World, make_agency, make_vendor
from tests.vendors.conftest import Measured
from vendors.imports.contracts.parties import Bodies
from vendors.imports.contracts.rows import Party
from vendors.models import Contract, CoSupplier, Payment, Scorecard, Vendor
from vendors.scorecards.computing import recompute_due

pytestmark = pytest.mark.django_db

# What says how things were, and the organization itself.
STAYS = {
    "vendors_vendor.organization_id",
    "agencies_agency.organization_id",
    "vendors_scorecard.vendor_id",
    "vendors_likelyduplicate.one_id",
    "vendors_likelyduplicate.other_id",
    "directory_organizationmerge.absorbed_id",
    "directory_organizationmerge.kept_id",
    "directory_organizationmerge.former_parent_id",
}
FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, attname
    FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND confrelid IN ('directory_organization'::regclass, 'vendors_vendor'::regclass)
    ORDER BY 1, 2
"""


def belongings() -> dict[str, dict[int, int]]:
    """To which organization each row belongs, by what PostgreSQL itself knows of foreign keys."""
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS)
        columns = cursor.fetchall()
        found = {}
        for table, column in columns:
            key = "organization_id" if table in ("vendors_vendor", "agencies_agency") else "id"
            cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608 - of the catalogue
            found[f"{table}.{column}"] = dict(cursor.fetchall())
    return found


def of(organization: Organization) -> Iterator[str]:
    """The columns by which rows belong to an organization."""
    return (column for column, rows in belongings().items() if organization.pk in rows.values())


def merge(absorbed: Vendor, kept: Vendor, cast: Cast) -> OrganizationMerge:
    return merge_organizations(
        absorbed=absorbed.organization, kept=kept.organization, reason="One firm under two names", by=cast.cio
    )


@pytest.fixture
def laden(measured: Measured, world: World) -> Vendor:
    """Acme with all that can hang on a vendor."""
    acme = world.acme.organization
    Identifier.objects.create(organization=acme, scheme="US-EIN", value="12-3456789")
    Alias.objects.create(organization=acme, name="Acme Cloud Services")
    Address.objects.create(organization=acme, line="1 Main St, Springfield")
    Contact.objects.create(organization=acme, name="Ada")
    Organization.objects.create(code="acme-east", name="Acme East", parent=acme)
    Payment.objects.create(contract=world.contract, reference="1", paid_on=LONG_AGO, amount=10, payee=acme, payer=acme)
    CoSupplier.objects.create(contract=world.other_contract, vendor=world.acme)
    return world.acme


def test_all_that_hangs_on_a_vendor_goes_along(laden: Vendor, world: World, cast: Cast) -> None:
    before = belongings()
    moving = {column for column in of(laden.organization) if column not in STAYS}
    assert len(moving) >= 12
    merge(laden, world.rival, cast)
    assert set(of(laden.organization)) <= STAYS
    after = belongings()
    for column in moving:
        changed = {key for key, owner in before[column].items() if owner == laden.pk}
        assert {after[column][key] for key in changed} == {world.rival.pk}, column
    assert world.rival.organization.aliases.filter(name="Acme Cloud").exists()


def test_undone_everything_belongs_to_whom_it_did(laden: Vendor, world: World, cast: Cast) -> None:
    before = belongings()
    undone = undo_merge(merge=merge(laden, world.rival, cast), by=cast.cio)
    after = belongings()
    for column, rows in before.items():
        assert after[column] == rows or column.startswith("directory_organizationmerge."), column
    assert undone.undone_by == cast.cio
    assert not world.rival.organization.aliases.exists()


def test_what_came_since_stays_with_the_kept(laden: Vendor, world: World, cast: Cast) -> None:
    done = merge(laden, world.rival, cast)
    since = Contract.objects.create(
        number="C-9", title="New", vendor=world.rival, agency=world.parks, starts_on=LONG_AGO
    )
    undo_merge(merge=done, by=cast.cio)
    since.refresh_from_db()
    assert since.vendor == world.rival


def test_what_both_have_stays_where_it_is(laden: Vendor, world: World, cast: Cast) -> None:
    Alias.objects.create(organization=world.rival.organization, name="Acme Cloud Services")
    CoSupplier.objects.create(contract=world.contract, vendor=laden)
    CoSupplier.objects.create(contract=world.contract, vendor=world.rival)
    done = merge(laden, world.rival, cast)
    assert laden.organization.aliases.count() == 1
    assert CoSupplier.objects.filter(vendor=laden).count() == 1
    undo_merge(merge=done, by=cast.cio)
    assert world.rival.organization.aliases.count() == 1


def test_scorecards_that_were_published_stay_and_the_kept_is_scored_for_both(
    laden: Vendor, measured: Measured, world: World, cast: Cast
) -> None:
    published = set(Scorecard.objects.current().filter(vendor=laden))
    done = merge(laden, world.rival, cast)
    fold_due()
    while recompute_due():
        continue
    assert set(Scorecard.objects.current().filter(vendor=laden)) == published
    assert not Scorecard.objects.open().filter(vendor=laden).exists()
    cards = Scorecard.objects.filter(vendor=world.rival, period_start=measured.second.period_start, months=3)
    assert measured.uptime.pk in cards.values_list("lines__service_level", flat=True)
    for person in (cast.agency_member, cast.vendor_member):
        assert set(Scorecard.objects.visible_to(person).filter(vendor=laden)) == published
    undo_merge(merge=done, by=cast.cio)
    while recompute_due():
        continue
    assert not Scorecard.objects.filter(vendor=world.rival, lines__service_level=measured.uptime).exists()


def test_nobody_meets_a_merged_vendor_and_its_people_see_the_other(world: World, cast: Cast) -> None:
    merge(world.acme, world.rival, cast)
    for person in cast.by_role().values():
        assert world.acme not in Vendor.objects.visible_to(person)
        assert world.acme.organization not in Organization.objects.visible_to(person)
    assert world.rival in Vendor.objects.visible_to(cast.vendor_member)
    assert world.rival in Vendor.objects.visible_to(cast.agency_member)


def test_files_that_name_a_merged_vendor_mean_the_other(world: World, cast: Cast) -> None:
    merge(world.acme, world.rival, cast)
    party = Party("ACME CLOUD")
    assert Bodies([party]).pk_of(party) == world.rival.pk


def test_a_chain_is_undone_from_its_end(world: World, cast: Cast) -> None:
    third = make_vendor("third", "Third")
    first = merge(world.acme, world.rival, cast)
    second = merge(world.rival, third, cast)
    world.contract.refresh_from_db()
    assert world.contract.vendor == third
    assert Organization.objects.get(code="acme").merged_into == third.organization
    with pytest.raises(ValidationError, match="Undo that merge first"):
        undo_merge(merge=first, by=cast.cio)
    undo_merge(merge=second, by=cast.cio)
    undo_merge(merge=first, by=cast.cio)
    world.contract.refresh_from_db()
    assert world.contract.vendor == world.acme
    assert not Organization.objects.exclude(merged_into=None).exists()


def test_what_cannot_be_one_is_refused_in_words(world: World, cast: Cast) -> None:
    east = make_vendor("acme-east", "Acme East")
    Organization.objects.filter(pk=east.pk).update(parent=world.acme.pk)
    bureau = make_agency("bureau", "Bureau")
    provider = Vendor.objects.create(organization=bureau, kind=Vendor.Kind.INTERNAL)
    with pytest.raises(ValidationError, match="Acme East is a part of Acme Cloud"):
        merge(world.acme, east, cast)
    with pytest.raises(ValidationError, match="Bureau is also: agency"):
        merge(provider, world.acme, cast)
    with pytest.raises(ValidationError, match="one and the same"):
        merge(world.acme, world.acme, cast)
    merge(east, world.acme, cast)
    with pytest.raises(ValidationError, match="Compare again"):
        merge(east, world.rival, cast)
    assert OrganizationMerge.objects.count() == 1


def test_only_the_office_merges_and_undoes(world: World, cast: Cast) -> None:
    for person in (cast.manager, cast.auditor, cast.vendor_member, cast.agency_member, cast.msi_member):
        with pytest.raises(PermissionDenied):
            merge_organizations(absorbed=world.acme.organization, kept=world.rival.organization, reason="No", by=person)
    done = merge(world.acme, world.rival, cast)
    with pytest.raises(PermissionDenied):
        undo_merge(merge=done, by=cast.manager)
    undo_merge(merge=done, by=cast.cio)
    with pytest.raises(ValidationError, match="undone already"):
        undo_merge(merge=done, by=cast.cio)
