"""Filters of the supply side, for pages and API alike."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kernel.directory.models import Organization
from kernel.filters import (
    CodeFilter,
    InForceFilter,
    MonthFilter,
    OrganizationFilter,
    ScopedFilterSet,
    SearchFilter,
    WholeNumberFilter,
    YesNoFilter,
    describe,
)
from metrics.models import GradeBand, Indicator, Methodology
from metrics.scoring import INSUFFICIENT_EVIDENCE
from vendors.models import (
    Amendment,
    Contract,
    Integration,
    Milestone,
    Payment,
    Scorecard,
    Service,
    ServiceLevel,
    ServiceLevelTemplate,
    StateRules,
    Subscription,
    Vendor,
)
from vendors.periods import Editions

# Beside the names of grades: what else the vendor list can ask for.
NO_EVIDENCE, ENOUGH_EVIDENCE, ANY_GRADE, NOT_SCORED = "insufficient_evidence", "enough_evidence", "any", "none"
OTHER_GRADES = (
    (NO_EVIDENCE, _("Insufficient evidence")),
    (ENOUGH_EVIDENCE, _("Enough evidence")),
    (ANY_GRADE, _("Scored, whatever the grade")),
    (NOT_SCORED, _("Not scored")),
)
MISSING = (("target", _("Without a target")), ("data", _("Without data")))


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
        return rows.that_serve(agency, self.request.user)


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


class ContractFilterSet(ScopedFilterSet):
    """Contracts."""

    search = SearchFilter(fields=("number", "title"))
    vendor = OrganizationFilter(label=_("Vendor"), field_name="vendor__organization", known=Vendor.objects.all())
    agency = OrganizationFilter(label=_("Agency"), field_name="agency")
    criticality = WholeNumberFilter(label=_("Criticality"), min_value=1, max_value=5)
    in_force = InForceFilter()
    ending_within = WholeNumberFilter(
        label=_("Ends within days"), method="filter_ending", min_value=0, max_value=36_500
    )
    cancel_within = WholeNumberFilter(
        label=_("To be cancelled within days"), method="filter_to_be_cancelled", min_value=0, max_value=36_500
    )

    class Meta:
        model = Contract
        fields = [
            "search",
            "vendor",
            "agency",
            "kind",
            "category",
            "status",
            "holder",
            "criticality",
            "in_force",
            "ending_within",
            "cancel_within",
        ]

    def filter_ending(self, rows: Any, name: str, days: int) -> Any:
        return rows.ending_within(days)

    def filter_to_be_cancelled(self, rows: Any, name: str, days: int) -> Any:
        return rows.to_be_cancelled_within(days)


class ContractCalendarFilterSet(ContractFilterSet):
    """Contracts as the calendar asks for them: whose they are."""

    class Meta(ContractFilterSet.Meta):
        fields = ["vendor", "agency", "holder"]

    search: Any = None
    criticality: Any = None
    in_force: Any = None
    ending_within: Any = None
    cancel_within: Any = None


class ContractPartFilterSet(ScopedFilterSet):
    """What hangs on contracts."""

    contract = CodeFilter(label=_("Contract"), queryset=Contract.objects.all(), to_field_name="number")
    vendor = OrganizationFilter(
        label=_("Vendor"), field_name="contract__vendor__organization", known=Vendor.objects.all()
    )
    agency = OrganizationFilter(label=_("Agency"), field_name="contract__agency")


class AmendmentFilterSet(ContractPartFilterSet):
    """Amendments."""

    renewal = YesNoFilter(label=_("Renewal"), field_name="is_renewal")
    signed_from = django_filters.DateFilter(label=_("Signed on or after"), field_name="signed_on", lookup_expr="gte")
    signed_to = django_filters.DateFilter(label=_("Signed on or before"), field_name="signed_on", lookup_expr="lte")

    class Meta:
        model = Amendment
        fields = ["contract", "vendor", "agency", "renewal", "signed_from", "signed_to"]


class MilestoneFilterSet(ContractPartFilterSet):
    """Milestones."""

    due_from = django_filters.DateFilter(label=_("Due on or after"), field_name="due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter(label=_("Due on or before"), field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Milestone
        fields = ["contract", "vendor", "agency", "status", "due_from", "due_to"]


class PaymentFilterSet(ContractPartFilterSet):
    """Payments."""

    paid_from = django_filters.DateFilter(label=_("Paid on or after"), field_name="paid_on", lookup_expr="gte")
    paid_to = django_filters.DateFilter(label=_("Paid on or before"), field_name="paid_on", lookup_expr="lte")

    class Meta:
        model = Payment
        fields = ["contract", "vendor", "agency", "paid_from", "paid_to"]


class TemplateFilterSet(ScopedFilterSet):
    """Templates of service levels."""

    search = SearchFilter(fields=("code", "name"))
    indicator = CodeFilter(label=_("Indicator"), queryset=Indicator.objects.all())
    retired = YesNoFilter(label=_("Retired"), field_name="retired_on", lookup_expr="isnull", exclude=True)

    class Meta:
        model = ServiceLevelTemplate
        fields = ["search", "indicator", "dimension", "retired"]


class ServiceFilterSet(ScopedFilterSet):
    """Services."""

    search = SearchFilter(fields=("code", "name"))
    provider = OrganizationFilter(label=_("Provider"), field_name="provider__organization", known=Vendor.objects.all())
    agency = OrganizationFilter(
        label=_("Used by agency"),
        field_name="agency",
        named_by=Subscription.objects.all(),
        method="filter_agency",
    )

    class Meta:
        model = Service
        fields = ["search", "provider", "agency", "lifecycle"]

    def filter_agency(self, rows: QuerySet[Service], name: str, agency: Organization) -> QuerySet[Service]:
        """Services that the agency subscribes to today, as far as the user sees that."""
        assert self.request is not None
        subscriptions = Subscription.objects.visible_to(self.request.user).in_force().filter(agency=agency)
        return rows.filter(pk__in=subscriptions.order_by().values("service"))


class SubscriptionFilterSet(ScopedFilterSet):
    """Subscriptions."""

    agency = OrganizationFilter(label=_("Agency"), field_name="agency")
    service = CodeFilter(label=_("Service"), queryset=Service.objects.all())
    provider = OrganizationFilter(
        label=_("Provider"), field_name="service__provider__organization", known=Vendor.objects.all()
    )
    in_force = InForceFilter()

    class Meta:
        model = Subscription
        fields = ["agency", "service", "provider", "in_force"]


class IntegrationFilterSet(ScopedFilterSet):
    """Integrations."""

    integrator = OrganizationFilter(label=_("Integrator (MSI)"), field_name="integrator")
    supplier = OrganizationFilter(label=_("Supplier"), field_name="supplier__organization", known=Vendor.objects.all())
    service = CodeFilter(label=_("Service"), queryset=Service.objects.all())
    in_force = InForceFilter()

    class Meta:
        model = Integration
        fields = ["integrator", "supplier", "service", "in_force"]


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
