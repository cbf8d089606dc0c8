"""Forms of saved views."""

from kernel.forms import ScopedModelForm
from kernel.saved_views.models import SavedView


class SavedViewForm(ScopedModelForm):
    """What a view is called, and who sees it."""

    class Meta:
        model = SavedView
