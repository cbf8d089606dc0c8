"""Filters: their choices are what the user may see or what a visible row names."""

import pytest
from django.test import RequestFactory

from kernel.accounts.models import User
from kernel.directory.models import Organization
from tests.conftest import Cast, World, make_contract
from vendors.filters.contracts import ContractFilterSet
from vendors.filters.service_levels import ServiceLevelFilterSet
from vendors.filters.vendors import VendorFilterSet
from vendors.models import Contract, ServiceLevel, Vendor


def contract_filter(user: User, **data: str) -> ContractFilterSet:
    request = RequestFactory().get("/", data)
    request.user = user
    return ContractFilterSet(request.GET, queryset=Contract.objects.visible_to(user), request=request)


def offered(user: User, field: str) -> set[str]:
    return {str(label) for value, label in contract_filter(user).form.fields[field].choices if value}


def test_pages_offer_only_organizations_that_the_rows_name(cast: Cast, world: World) -> None:
    assert offered(cast.cio, "vendor") == {"Acme Cloud", "Rival Systems"}
    assert offered(cast.agency_member, "vendor") == {"Acme Cloud"}
    assert offered(cast.vendor_member, "agency") == {"Department of Health"}
    assert offered(cast.msi_member, "agency") == set()


@pytest.mark.parametrize(
    ("who", "field", "code", "accepted"),
    [
        ("cio", "vendor", "rival", True),
        ("cio", "vendor", "nobody", True),  # seen, though it has no contract
        ("cio", "vendor", "unheard-of", False),
        ("agency_member", "vendor", "acme", True),
        ("agency_member", "vendor", "rival", False),
        ("vendor_member", "agency", "health", True),  # named by a contract of its own
        ("vendor_member", "agency", "parks", False),
    ],
)
def test_an_invisible_code_answers_like_an_unknown_one(
    cast: Cast, who: str, field: str, code: str, accepted: bool
) -> None:
    filterset = contract_filter(cast.by_role()[who], **{field: code})
    assert filterset.is_valid() is accepted
    if not accepted:
        unknown = contract_filter(cast.by_role()[who], **{field: "unheard-of"})
        assert filterset.errors == unknown.errors


def test_choices_of_other_rows_are_scoped_too(cast: Cast) -> None:
    request = RequestFactory().get("/", {"contract": "C-2"})
    request.user = cast.agency_member
    rows = ServiceLevel.objects.visible_to(cast.agency_member)
    assert "contract" in ServiceLevelFilterSet(request.GET, queryset=rows, request=request).errors


def test_a_vendors_other_customers_are_not_offered(cast: Cast, world: World) -> None:
    make_contract("C-3", world.acme, world.parks)
    request = RequestFactory().get("/")
    request.user = cast.agency_member
    filterset = VendorFilterSet(request.GET, queryset=Vendor.objects.visible_to(cast.agency_member), request=request)
    assert [str(label) for value, label in filterset.form.fields["agency"].choices if value] == ["Department of Health"]


def test_without_a_user_there_are_no_choices(world: World) -> None:
    filterset = ContractFilterSet({"vendor": "acme"}, queryset=Contract.objects.none())
    assert not filterset.is_valid()
    assert not list(filterset.filters["agency"].queryset)
    assert Organization.objects.exists()
