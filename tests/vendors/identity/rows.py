"""Vendors that may be one and that are, beside the cast's own: for tests of pages and of the API."""

from decimal import Decimal

from kernel.accounts.models import User
from kernel.directory.likeness import Reason
from kernel.directory.merging import merge_organizations
from kernel.directory.models import OrganizationMerge
from tests.conftest import make_vendor
from vendors.models import LikelyDuplicate, Vendor


def make_pair(code: str) -> LikelyDuplicate:
    """Two vendors with nothing to them, `code`-1 and `code`-2, that may be one."""
    one, other = make_vendor(f"{code}-1", f"Twin {code}"), make_vendor(f"{code}-2", f"Twin {code} Inc")
    reasons = [Reason.SAME_BUT_FOR_FORM, Reason.OTHER_ADDRESS]
    return LikelyDuplicate.objects.create(one=one, other=other, certainty=Decimal("0.850"), reasons=reasons)


def make_merge(kept: Vendor, by: User) -> OrganizationMerge:
    """A vendor with nothing to it that was merged into `kept`."""
    absorbed = make_vendor(f"{kept.organization.code}-old", f"Old {kept}")
    return merge_organizations(absorbed=absorbed.organization, kept=kept.organization, reason="Bought", by=by)
