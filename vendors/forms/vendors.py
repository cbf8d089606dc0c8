"""Forms of vendors."""

from kernel.directory.forms import ProfileForm
from kernel.forms import form_field
from vendors.models import Vendor


class VendorForm(ProfileForm):
    """A vendor and its organization."""

    class Meta:
        model = Vendor
        fields = ("kind", "segment", "website")
        formfield_callback = form_field
