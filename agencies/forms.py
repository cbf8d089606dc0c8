"""Forms of the demand side."""

from agencies.models import Agency
from kernel.directory.forms import ProfileForm
from kernel.forms import form_field


class AgencyForm(ProfileForm):
    """An agency and its organization."""

    class Meta:
        model = Agency
        fields = ("mission", "website")
        formfield_callback = form_field
