"""Filters of vendors."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kernel.directory.models import Organization
from kernel.filters import OrganizationFilter, ScopedFilterSet, SearchFilter, YesNoFilter
from metrics.models import Methodology
from vendors.filters.scorecards import ANY_GRADE, ENOUGH_EVIDENCE, NO_EVIDENCE, NOT_SCORED, OTHER_GRADES
from vendors.models import Contract, StateRules, Subscription, Vendor
from vendors.scorecards.periods import Editions


class VendorFilterSet(ScopedFilterSet):
    """Vendors."""

    search = SearchFilter(
        fields=("organization__code", "organization__name"),
        beside=("organization__aliases__name", "organization__identifiers__value"),
    )
    agency = OrganizationFilter(
        label=_("Serves agency"),
        field_name="agency",
        named_by=Contract.objects.all(),
        method="filter_agency",
    )

    class Meta:
        model = Vendor
        fields = ["search", "kind", "segment", "agency"]

    def filter_agency(self, rows: Any, name: str, agency: Organization) -> Any:
        """Vendors that serve the agency today, as far as the user sees that."""
        assert self.request is not None
        user = self.request.user
        contracts = Contract.objects.visible_to(user).in_force().filter(agency=agency)
        subscriptions = Subscription.objects.visible_to(user).in_force().filter(agency=agency)
        return rows.bound_by(contracts, subscriptions)


class VendorListFilterSet(VendorFilterSet):
    """Vendors as the page lists them: beside their scorecard of one period."""

    period = django_filters.ChoiceFilter(label=_("Period"), method="keep", empty_label=None)
    grade = django_filters.ChoiceFilter(label=_("Grade"), method="filter_grade", empty_label=_("Any"))
    watched = YesNoFilter(label=_("On the watch list"), method="filter_watched")

    class Meta(VendorFilterSet.Meta):
        fields = ["search", "period", "grade", "watched", "kind", "segment", "agency"]

    def __init__(
        self, data: QueryDict | None, *args: Any, editions: Editions, methodology: Methodology | None, **kwargs: Any
    ) -> None:
        shown = data.copy() if data else QueryDict(mutable=True)
        # A form that was sent ignores initial values, so the period on display is filled in.
        shown["period"] = editions.code
        super().__init__(shown, *args, **kwargs)
        if methodology is None:
            del self.filters["period"], self.filters["grade"], self.filters["watched"]
            return
        self.filters["period"].extra.update(choices=editions.choices, initial=editions.default_code)
        grades = [(band.name, band.name) for band in reversed(methodology.bands.all())]
        self.filters["grade"].extra["choices"] = [*grades, *OTHER_GRADES]

    def keep(self, rows: QuerySet[Vendor], name: str, value: str) -> QuerySet[Vendor]:
        """The period decides what rows carry, so the page has read it before; it leaves out none."""
        return rows

    def filter_watched(self, rows: Any, name: str, value: bool) -> QuerySet[Vendor]:
        """Vendors whose grade on display puts them on the watch list, or all others."""
        watched = {"position__lte": StateRules.current().watch_list_grades}
        return rows.filter(**watched) if value else rows.exclude(**watched)

    def filter_grade(self, rows: Any, name: str, value: str) -> QuerySet[Vendor]:
        """Vendors whose scorecard on display has that grade."""
        asked = {
            NOT_SCORED: {"scorecard__isnull": True},
            ANY_GRADE: {"scorecard__isnull": False},
            ENOUGH_EVIDENCE: {"grade__isnull": False},
            NO_EVIDENCE: {"scorecard__isnull": False, "grade__isnull": True},
        }
        return rows.filter(**asked.get(value, {"grade": value}))
