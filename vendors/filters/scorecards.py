"""Filters of scorecards, and of whatever has a grade."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kernel.filters import (
    CodeFilter,
    MonthFilter,
    OrganizationFilter,
    ScopedFilterSet,
    SearchFilter,
    WholeNumberFilter,
    YesNoFilter,
    describe,
)
from metrics.methodologies.scoring import INSUFFICIENT_EVIDENCE
from metrics.models import GradeBand, Methodology
from vendors.models import Scorecard, Vendor
from vendors.scorecards.periods import Editions

# Beside the names of grades: what else the vendor list can ask for.
NO_EVIDENCE, ENOUGH_EVIDENCE, ANY_GRADE, NOT_SCORED = "insufficient_evidence", "enough_evidence", "any", "none"
OTHER_GRADES = (
    (NO_EVIDENCE, _("Insufficient evidence")),
    (ENOUGH_EVIDENCE, _("Enough evidence")),
    (ANY_GRADE, _("Scored, whatever the grade")),
    (NOT_SCORED, _("Not scored")),
)


def grade_choices() -> list[tuple[str, Any]]:
    """The names of all methodologies' grades, best first, and that of having too little evidence."""
    names = GradeBand.objects.order_by("-lower_bound", "name").values_list("name", flat=True)
    return [*((name, name) for name in dict.fromkeys(names)), (INSUFFICIENT_EVIDENCE, _("Insufficient evidence"))]


class GradeFilter(django_filters.ChoiceFilter):
    """A grade by its name, or "Insufficient evidence"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=grade_choices, **kwargs)
        describe(self, _("its name, or Insufficient evidence."), type="string")

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        if value == INSUFFICIENT_EVIDENCE:
            return qs.filter(**{f"{self.field_name}__isnull": True})
        return qs.filter(**{f"{self.field_name}__name": value})


class ScorecardFilterSet(ScopedFilterSet):
    """Scorecards."""

    search = SearchFilter(fields=("vendor__organization__code", "vendor__organization__name"))
    vendor = OrganizationFilter(label=_("Vendor"), field_name="vendor__organization", known=Vendor.objects.all())
    period_start = MonthFilter(label=_("First month"))
    months = WholeNumberFilter(label=_("Months"), min_value=1, max_value=120)
    methodology = CodeFilter(label=_("Methodology"), queryset=Methodology.objects.all())
    grade = GradeFilter(label=_("Grade"))
    current = YesNoFilter(label=_("Current revision"), method="filter_current")

    class Meta:
        model = Scorecard
        fields = ["search", "vendor", "period_start", "months", "methodology", "status", "grade", "current"]

    def filter_current(self, rows: Any, name: str, value: bool) -> Any:
        """The published scorecards of the highest revision, or all others."""
        current = Q(status=Scorecard.Status.PUBLISHED, superseded_at__isnull=True)
        return rows.filter(current) if value else rows.exclude(current)


class ScorecardListFilterSet(ScorecardFilterSet):
    """Scorecards as the page lists them: a period is picked, not written."""

    period = django_filters.ChoiceFilter(label=_("Period"), method="filter_period", empty_label=_("Any"))

    class Meta(ScorecardFilterSet.Meta):
        fields = ["search", "period", "status", "grade", "vendor", "methodology"]

    period_start: Any = None
    months: Any = None
    current: Any = None

    def __init__(self, data: QueryDict | None, *args: Any, editions: Editions, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.editions = editions
        self.filters["period"].extra["choices"] = editions.choices

    def filter_period(self, rows: Any, name: str, value: str) -> QuerySet[Scorecard]:
        """Scorecards of a period, by one methodology where the period has several."""
        return rows.of_edition(self.editions.by_code[value])
