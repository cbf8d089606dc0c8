"""Who sees which organizations and what hangs on them; the database's own rules."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from kernel.directory.models import Membership, Organization
from metrics.models import Indicator, Measurement, Methodology, Series, Target
from tests.conftest import JANUARY, LONG_AGO, Cast, World
from vendors.models import Contract, Service, ServiceLevel, Vendor

pytestmark = pytest.mark.django_db


def codes(queryset: object) -> set[str]:
    return {str(getattr(row, "code", None) or row.organization.code) for row in queryset}


def test_a_moved_organization_takes_its_descendants_along() -> None:
    root = Organization.objects.create(code="root", name="Root")
    child = Organization.objects.create(code="child", name="Child", parent=root)
    leaf = Organization.objects.create(code="leaf", name="Leaf", parent=child)
    other = Organization.objects.create(code="other", name="Other")
    child.parent = other
    child.save()
    leaf.refresh_from_db()
    assert leaf.path == [other.pk, child.pk, leaf.pk]


def test_an_organization_cannot_lie_below_itself() -> None:
    root = Organization.objects.create(code="root", name="Root")
    child = Organization.objects.create(code="child", name="Child", parent=root)
    with pytest.raises(IntegrityError, match="below itself"), transaction.atomic():
        Organization.objects.filter(pk=root.pk).update(parent=child)


def test_membership_of_a_parent_covers_its_bureaus(cast: Cast, world: World) -> None:
    bureau = Organization.objects.create(code="health-it", name="Health IT", parent=world.health)
    assert bureau in cast.agency_member.member_organizations()
    assert bureau in cast.manager.managed_organizations()


def test_a_membership_that_ended_gives_nothing(cast: Cast, world: World) -> None:
    cast.agency_member.memberships.update(ends_on=LONG_AGO)
    assert not Contract.objects.visible_to(cast.agency_member).exists()


def test_two_primary_managers_at_a_time_are_refused(cast: Cast, world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            user=cast.cio,
            organization=world.health,
            capacity=Membership.Capacity.MANAGER_PRIMARY,
            starts_on=datetime.date(2024, 1, 1),
        )


@pytest.mark.parametrize(
    ("role", "vendors", "contracts", "services", "service_levels"),
    [
        ("cio", {"acme", "rival", "nobody"}, {"C-1", "C-2"}, {"hosting"}, {"C-1-uptime", "C-2-uptime"}),
        ("manager", {"acme", "rival", "nobody"}, {"C-1", "C-2"}, {"hosting"}, {"C-1-uptime", "C-2-uptime"}),
        ("auditor", {"acme", "rival", "nobody"}, {"C-1", "C-2"}, {"hosting"}, {"C-1-uptime", "C-2-uptime"}),
        ("agency_member", {"acme"}, {"C-1"}, {"hosting"}, {"C-1-uptime"}),
        ("integration", {"acme"}, {"C-1"}, {"hosting"}, {"C-1-uptime"}),
        ("vendor_member", {"acme"}, {"C-1"}, {"hosting"}, {"C-1-uptime"}),
        ("msi_member", {"acme"}, set(), {"hosting"}, {"C-1-uptime"}),
        ("outsider", {"nobody"}, set(), set(), set()),
    ],
)
def test_who_sees_what(
    cast: Cast, role: str, vendors: set[str], contracts: set[str], services: set[str], service_levels: set[str]
) -> None:
    user = cast.by_role()[role]
    assert codes(Vendor.objects.visible_to(user)) == vendors
    assert {c.number for c in Contract.objects.visible_to(user)} == contracts
    assert codes(Service.objects.visible_to(user)) == services
    assert codes(ServiceLevel.objects.visible_to(user)) == service_levels
    assert codes(Series.objects.visible_to(user)) == service_levels
    assert {t.series.code for t in Target.objects.visible_to(user)} == service_levels


def test_only_the_office_and_assigned_managers_edit(cast: Cast, world: World) -> None:
    editable = {name: set(Contract.objects.editable_by(user)) for name, user in cast.by_role().items()}
    assert editable.pop("cio") == {world.contract, world.other_contract}
    assert editable.pop("manager") == {world.contract}
    assert not any(editable.values())


def test_an_update_raises_the_version_and_no_change_does_not(world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(title="Another title")
    Contract.objects.filter(pk=world.contract.pk).update(title="Another title")
    world.contract.refresh_from_db()
    assert world.contract.version == 2


def test_parties_of_a_measured_contract_are_fixed(world: World) -> None:
    with pytest.raises(IntegrityError, match="parties"), transaction.atomic():
        Contract.objects.filter(pk=world.contract.pk).update(agency=world.parks)


def test_an_indicator_in_use_keeps_its_direction(world: World) -> None:
    with pytest.raises(IntegrityError, match="fixed once"), transaction.atomic():
        Indicator.objects.filter(code="C-1-uptime").update(direction="lower")


def test_an_unused_indicator_turns_and_its_series_follow(world: World) -> None:
    Target.objects.filter(series=world.service_level.series).delete()
    Indicator.objects.filter(code="C-1-uptime").update(direction="lower")
    world.service_level.series.refresh_from_db()
    assert world.service_level.series.direction == "lower"


@pytest.mark.parametrize(
    ("floor", "target", "stretch"), [(95, 95, None), (96, 95, None), (None, 95, 95), (None, 95, 90)]
)
def test_targets_in_the_wrong_order_are_refused(
    world: World, floor: int | None, target: int, stretch: int | None
) -> None:
    series = world.service_level.series
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(
            series=series,
            direction=series.direction,
            effective_from=datetime.date(2021, 1, 1),
            floor=floor,
            target=target,
            stretch=stretch,
        )


def test_a_target_cannot_claim_another_direction(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(
            series=world.service_level.series, direction="lower", effective_from=datetime.date(2021, 1, 1), target=1
        )


def test_a_measurement_has_one_form(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Measurement.objects.create(series=world.service_level.series, observed_on=JANUARY, value=1, numerator=1)


def test_methodology_weights_total_100_and_freeze_once_used(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Methodology.objects.filter(pk=world.methodology.pk).update(outcomes_weight=34)
    with pytest.raises(IntegrityError), transaction.atomic():
        Methodology.objects.filter(pk=world.methodology.pk).update(
            outcomes_weight=30, schedule_weight=10, cost_weight=15
        )
    Methodology.objects.filter(pk=world.methodology.pk).update(first_used_at="2024-01-01T00:00:00Z")
    with pytest.raises(IntegrityError, match="new edition"), transaction.atomic():
        Methodology.objects.filter(pk=world.methodology.pk).update(minimum_coverage="0.5")
    with pytest.raises(IntegrityError), transaction.atomic():
        world.methodology.bands.filter(position=2).update(lower_bound=60)
