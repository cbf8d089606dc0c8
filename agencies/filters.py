"""Filters of the demand side, for pages and API alike."""

from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from kernel.filters import OrganizationFilter, ScopedFilterSet, SearchFilter


class AgencyFilterSet(ScopedFilterSet):
    """Agencies."""

    search = SearchFilter(
        fields=("organization__code", "organization__name"),
        beside=("organization__aliases__name", "organization__identifiers__value"),
    )
    parent = OrganizationFilter(label=_("Part of"), field_name="organization__parent")

    class Meta:
        model = Agency
        fields = ["search", "parent"]
