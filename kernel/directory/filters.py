"""Filters of the directory, for pages and API alike."""

from django.utils.translation import gettext_lazy as _

from kernel.directory.models import Contact
from kernel.filters import OrganizationFilter, ScopedFilterSet, SearchFilter, YesNoFilter


class ContactFilterSet(ScopedFilterSet):
    """Contacts."""

    search = SearchFilter(label=_("Name or e-mail"), fields=("name", "email"))
    organization = OrganizationFilter(label=_("Organization"), field_name="organization")
    retired = YesNoFilter(label=_("Retired"), field_name="retired_on", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Contact
        fields = ["search", "organization", "retired"]
