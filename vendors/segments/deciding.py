"""Decisions about proposed segments."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from kernel.accounts.models import User
from vendors.models import Vendor


@transaction.atomic
def decide_segments(*, proposed: Mapping[str, Vendor.Segment], accepted: bool, by: User) -> int:
    """Give vendors, named by code, the segment proposed for them, or keep theirs; return how many there were.

    What is kept is not proposed again. Raises PermissionDenied where `by` may not change one of them: nothing is done.
    """
    editable = Vendor.objects.editable_by(by).filter(organization__code__in=proposed)
    vendors = list(editable.select_related("organization").select_for_update(of=("self",)))
    if len(vendors) < len(proposed):
        raise PermissionDenied
    for segment in set(proposed.values()):
        keys = [vendor.pk for vendor in vendors if proposed[vendor.organization.code] == segment]
        decision = {"segment": segment, "declined_segment": ""} if accepted else {"declined_segment": segment}
        Vendor.objects.filter(pk__in=keys).update(**decision)
    return len(vendors)
