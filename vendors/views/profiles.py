"""Forms for vendors."""

from django.utils.translation import gettext_lazy as _

from kernel.pages import EDITORS, CreatePage, EditPage
from vendors.forms import VendorForm
from vendors.models import Vendor


class VendorCreate(CreatePage):
    """A new vendor."""

    open_to = EDITORS
    model = Vendor
    form_class = VendorForm
    title = _("New vendor")
    list_url_name = "vendors:vendor_list"


class VendorUpdate(EditPage):
    """Change a vendor."""

    open_to = EDITORS
    model = Vendor
    form_class = VendorForm
    slug_field, slug_url_kwarg = "organization__code", "code"
    title = _("Change vendor")
