"""Forms of saved views."""

from brm_portal.forms import ScopedModelForm
from brm_portal.saved_views.models import SavedView


class SavedViewForm(ScopedModelForm):
    """What a view is called, and who sees it."""

    class Meta:
        model = SavedView
        fields = ("name", "is_shared")
