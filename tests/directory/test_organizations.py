"""Organizations written together with their profiles: by forms, the API, or whoever calls the operation."""

import pytest
from django.core.exceptions import ValidationError

from agencies.models import Agency
from kernel.directory.models import Organization
from kernel.directory.operations import save_organization
from tests.conftest import Cast, World
from vendors.models import Vendor


def test_a_code_that_is_taken_is_refused(cast: Cast, world: World) -> None:
    with pytest.raises(ValidationError) as refused:
        save_organization(profile=Vendor(), code="acme", by=cast.cio, name="Another Acme")
    assert refused.value.message_dict == {"code": ["This code is taken. Choose another."]}
    with pytest.raises(ValidationError):  # of an organization that the manager is not assigned to
        save_organization(profile=Vendor(), code="parks", by=cast.manager, name="State Parks")


def test_what_cannot_be_is_refused_by_its_field(cast: Cast, world: World) -> None:
    with pytest.raises(ValidationError) as refused:
        save_organization(profile=Agency(), code="no spaces here", by=cast.cio, name="")
    assert set(refused.value.message_dict) == {"code", "name"}
    assert not Organization.objects.filter(name="").exists()


def test_one_organization_may_be_two_things(cast: Cast, world: World) -> None:
    vendor = Vendor(kind=Vendor.Kind.INTERNAL)
    organization = save_organization(profile=vendor, code="health", by=cast.manager, name="Department of Health")
    vendor.save()
    assert organization == world.health
    assert (vendor.pk, organization.agency.pk) == (world.health.pk, world.health.pk)
