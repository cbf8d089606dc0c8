"""Forms of the demand side."""

from agencies.models import Agency
from kernel.directory.forms import ProfileForm


class AgencyForm(ProfileForm):
    """An agency and its organization."""

    class Meta:
        model = Agency
