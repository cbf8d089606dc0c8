"""Forms of vendors."""

from kernel.directory.forms import ProfileForm
from vendors.models import Vendor


class VendorForm(ProfileForm):
    """A vendor and its organization."""

    class Meta:
        model = Vendor
