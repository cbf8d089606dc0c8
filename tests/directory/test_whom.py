"""People to tell today, by the organizations they are assigned to or belong to, and all below these."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from kernel.access import Role
from kernel.accounts.models import User
from kernel.directory.models import Membership, Organization
from kernel.directory.whom import managers_of, members_of, the_office
from tests.conftest import Cast, World

YESTERDAY = timezone.localdate() - datetime.timedelta(days=1)


@pytest.fixture
def clinic(world: World) -> Organization:
    """A bureau below the department of health."""
    return Organization.objects.create(code="clinic", name="Clinic", parent=world.health)


def paths(*organizations: Organization) -> list[Organization]:
    """The organizations as the database made their paths."""
    return list(Organization.objects.filter(pk__in=[each.pk for each in organizations]))


def test_managers_are_told_of_what_lies_below_their_assignment(world: World, cast: Cast, clinic: Organization) -> None:
    found = managers_of(paths(world.health, clinic, world.parks))
    assert found == {world.health.pk: {cast.manager}, clinic.pk: {cast.manager}, world.parks.pk: set()}


def test_members_by_role(world: World, cast: Cast, clinic: Organization) -> None:
    asked = paths(clinic, world.acme.organization, world.integrator)
    assert members_of(asked, Role.AGENCY_MEMBER)[clinic.pk] == {cast.agency_member}
    assert members_of(asked, Role.VENDOR_MEMBER)[world.acme.pk] == {cast.vendor_member}
    both = members_of(asked, Role.VENDOR_MEMBER, Role.MSI_MEMBER)
    assert both == {clinic.pk: set(), world.acme.pk: {cast.vendor_member}, world.integrator.pk: {cast.msi_member}}


def test_nobody_is_told_after_the_last_day_or_with_a_closed_account(world: World, cast: Cast) -> None:
    Membership.objects.filter(user=cast.manager).update(ends_on=YESTERDAY)
    User.objects.filter(pk__in=[cast.agency_member.pk, cast.cio.pk]).update(is_active=False)
    health = paths(world.health)
    assert managers_of(health) == {world.health.pk: set()}
    assert members_of(health, Role.AGENCY_MEMBER) == {world.health.pk: set()}
    assert not the_office().exists()


def test_an_assignment_makes_nobody_a_member(world: World, cast: Cast) -> None:
    assert members_of(paths(world.health), *Role) == {world.health.pk: {cast.agency_member}}
    assert set(the_office()) == {cast.cio}


def test_one_query_for_any_number(world: World, cast: Cast, django_assert_num_queries: Any) -> None:
    asked = list(Organization.objects.all())
    with django_assert_num_queries(1):
        managers_of(asked)
