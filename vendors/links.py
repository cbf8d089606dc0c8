"""Vendors' names always show; they link to the vendor's page only for those who may see it."""

from django.http import HttpRequest
from django.utils.safestring import SafeString

from kernel.directory.links import linked_name
from kernel.directory.models import Organization
from vendors.models import Vendor


def vendor_link(request: HttpRequest, organization: Organization) -> SafeString:
    """A vendor's name, linked to its page where the user may see that."""
    return linked_name(request, organization, "vendors:vendor_detail", Vendor.objects.all())
