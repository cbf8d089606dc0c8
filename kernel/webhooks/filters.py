"""Filters of webhooks."""

from django.utils.translation import gettext_lazy as _

from kernel.filters import ScopedFilterSet, SearchFilter, YesNoFilter
from kernel.webhooks.models import Endpoint


class EndpointFilterSet(ScopedFilterSet):
    """Webhooks."""

    search = SearchFilter(label=_("Name or address"), fields=("name", "url"))
    switched_off = YesNoFilter(label=_("Switched off"), field_name="disabled_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Endpoint
        fields = ["search", "switched_off"]
