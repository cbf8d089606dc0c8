"""Filters of the agency list, in pages and in the API."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from brm_portal.directory.models import Organization
from brm_portal.filters import ScopedFilterSet


class AgencyFilter(ScopedFilterSet):
    """Agencies by text and by what they are part of."""

    search = django_filters.CharFilter(method="by_text", label=_("Name or code"))
    parent = django_filters.ModelChoiceFilter(
        field_name="organization__parent",
        queryset=Organization.objects.filter(children__isnull=False).distinct(),
        to_field_name="code",
        label=_("Part of"),
        empty_label=_("Any"),
    )

    class Meta:
        model = Agency
        fields: tuple[str, ...] = ()

    def by_text(self, rows: QuerySet[Agency], name: str, value: str) -> QuerySet[Agency]:
        """Name or code contains the text, in any case."""
        return rows.filter(Q(organization__name__icontains=value) | Q(organization__code__icontains=value))
