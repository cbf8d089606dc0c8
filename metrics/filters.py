"""Filters of measuring, in pages and in the API."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from brm_portal.directory.models import Organization
from brm_portal.filters import ScopedFilterSet
from metrics.models import Indicator, Methodology, Outcome, OutcomeReading


class OutcomeFilter(ScopedFilterSet):
    """Outcomes by agency, standing and text."""

    search = django_filters.CharFilter(method="by_text", label=_("Name or code"))
    agency = django_filters.ModelChoiceFilter(
        field_name="organization",
        queryset=Organization.objects.filter(outcomes__isnull=False).distinct(),
        to_field_name="code",
        label=_("Agency"),
        empty_label=_("Any"),
    )
    status = django_filters.ChoiceFilter(
        choices=OutcomeReading.Status.choices, method="by_status", label=_("Status"), empty_label=_("Any")
    )

    class Meta:
        model = Outcome
        fields: tuple[str, ...] = ()

    def by_text(self, rows: QuerySet[Outcome], name: str, value: str) -> QuerySet[Outcome]:
        """Name or code contains the text, in any case."""
        return rows.filter(Q(name__icontains=value) | Q(code__icontains=value))

    def by_status(self, rows: QuerySet[Outcome], name: str, value: str) -> QuerySet[Outcome]:
        """The standing that `with_standing` annotated."""
        return rows.filter(status=value)


class IndicatorFilter(ScopedFilterSet):
    """Indicators by text, direction, aggregation and cadence."""

    search = django_filters.CharFilter(method="by_text", label=_("Name or code"))

    class Meta:
        model = Indicator
        fields = ("direction", "aggregation", "cadence")

    def by_text(self, rows: QuerySet[Indicator], name: str, value: str) -> QuerySet[Indicator]:
        """Name or code contains the text, in any case."""
        return rows.filter(Q(name__icontains=value) | Q(code__icontains=value))


class MethodologyFilter(ScopedFilterSet):
    """Methodologies by name."""

    name = django_filters.CharFilter(lookup_expr="icontains", label=_("Name"))

    class Meta:
        model = Methodology
        fields: tuple[str, ...] = ()
