"""Filters of saved views."""

from django.utils.translation import gettext_lazy as _

from kernel.filters import ScopedFilterSet, SearchFilter, YesNoFilter
from kernel.saved_views.models import SavedView


class SavedViewFilterSet(ScopedFilterSet):
    """Saved views."""

    search = SearchFilter(label=_("Name"), fields=("name",))
    is_shared = YesNoFilter(label=_("Shared with colleagues"), field_name="is_shared")

    class Meta:
        model = SavedView
        fields = ["search", "page", "is_shared"]
