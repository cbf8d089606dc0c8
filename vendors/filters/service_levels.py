"""Filters of service levels and their templates."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.filters import CodeFilter, MonthFilter, OrganizationFilter, ScopedFilterSet, SearchFilter, YesNoFilter
from metrics.models import Indicator
from vendors.models import Contract, Service, ServiceLevel, ServiceLevelTemplate, Vendor

MISSING = (("target", _("Without a target")), ("data", _("Without data")))


class TemplateFilterSet(ScopedFilterSet):
    """Templates of service levels."""

    search = SearchFilter(fields=("code", "name"))
    indicator = CodeFilter(label=_("Indicator"), queryset=Indicator.objects.all())
    retired = YesNoFilter(label=_("Retired"), field_name="retired_on", lookup_expr="isnull", exclude=True)

    class Meta:
        model = ServiceLevelTemplate
        fields = ["search", "indicator", "dimension", "retired"]


class ServiceLevelFilterSet(ScopedFilterSet):
    """Service levels."""

    search = SearchFilter(fields=("series__code", "series__indicator__name"))
    vendor = OrganizationFilter(
        label=_("Vendor"), field_name="contract__vendor__organization", known=Vendor.objects.all()
    )
    agency = OrganizationFilter(label=_("Agency"), field_name="contract__agency")
    contract = CodeFilter(label=_("Contract"), queryset=Contract.objects.all(), to_field_name="number")
    service = CodeFilter(label=_("Service"), queryset=Service.objects.all())
    indicator = CodeFilter(label=_("Indicator"), field_name="series__indicator", queryset=Indicator.objects.all())
    in_force_in = MonthFilter(label=_("In force in month"), method="filter_in_force_in")
    missing = django_filters.ChoiceFilter(
        label=_("Missing"), choices=MISSING, method="filter_missing", empty_label=_("Any")
    )

    class Meta:
        model = ServiceLevel
        fields = [
            "search",
            "vendor",
            "agency",
            "contract",
            "service",
            "indicator",
            "dimension",
            "in_force_in",
            "missing",
        ]

    def filter_in_force_in(self, rows: Any, name: str, month: Any) -> Any:
        return rows.in_force(month)

    def filter_missing(self, rows: QuerySet[ServiceLevel], name: str, value: str) -> QuerySet[ServiceLevel]:
        """Service levels that nobody agreed a target for, or of which nothing was ever measured."""
        path = "series__targets" if value == "target" else "series__monthly_values"
        return rows.filter(**{f"{path}__isnull": True})


class ServiceLevelListFilterSet(ServiceLevelFilterSet):
    """Service levels as the page lists them: fewer questions."""

    class Meta(ServiceLevelFilterSet.Meta):
        fields = ["search", "dimension", "vendor", "agency", "contract", "missing"]

    service: Any = None
    indicator: Any = None
    in_force_in: Any = None
