"""Pages about vendors: the list beside its scorecards, one vendor, and its form."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.access import EDITORS, EVERYONE, MSI_MEMBERS, PARTIES, STAFF, STAFF_AND_AGENCIES
from kernel.accounts.models import User
from kernel.directory.models import Address, Alias, Identifier, Membership, Organization, OrganizationMerge
from kernel.expressions import counted
from kernel.pages import Action, CreatePage, DetailPage, EditPage, ListPage, Text
from kernel.templatetags.ui import INSUFFICIENT, coverage, grade_tone, number, score
from metrics.models import Methodology
from vendors.filters.vendors import VendorListFilterSet
from vendors.forms.vendors import VendorForm
from vendors.models import (
    Contract,
    Integration,
    LikelyDuplicate,
    Scorecard,
    ScorecardDimension,
    ScorecardLine,
    Service,
    ServiceLevel,
    StateRules,
    Subscription,
    Vendor,
)
from vendors.scorecards.consequences import consequences_of
from vendors.scorecards.periods import QUARTER, Editions
from vendors.tables.vendors import VendorTable

SCORECARD_COLUMNS = ("grade", "score", "trend", "coverage")
CONTRACT_COLUMNS = ("contracts_held", "value")
SHOWN = 10
WORST_FIRST = F("attainment").asc(nulls_last=True)


class VendorList(ListPage):
    """Who supplies: each vendor with its scorecard of one period and its contracts in force."""

    open_to = EVERYONE
    model = Vendor
    table_class = VendorTable
    filterset_class = VendorListFilterSet
    export_name = "vendors"
    actions = (Action(_("New vendor"), "vendors:vendor_create"),)
    nothing_yet = _(
        "Whoever supplies an agency stands here: private partners, other jurisdictions, the state's own providers."
    )

    @cached_property
    def editions(self) -> Editions:
        published = Scorecard.objects.visible_to(self.user).current()
        return Editions(published.editions(), self.request.GET.get("period"))

    @cached_property
    def methodology(self) -> Methodology | None:
        edition = self.editions.selected
        rows = Methodology.objects.prefetch_related("bands")
        return rows.filter(pk=edition.methodology_id).first() if edition else None

    def get_queryset(self) -> QuerySet[Vendor]:
        contracts = Contract.objects.visible_to(self.user).in_force()
        rows = self.rows().with_scorecard(self.editions.selected).with_contracts(contracts)
        return rows.select_related("organization")

    def get_filterset_kwargs(self, filterset_class: type) -> dict[str, Any]:
        known = {"editions": self.editions, "methodology": self.methodology}
        return {**super().get_filterset_kwargs(filterset_class), **known}

    def get_table_kwargs(self) -> dict[str, Any]:
        hidden: tuple[str, ...] = () if self.methodology else SCORECARD_COLUMNS
        if self.user.role in MSI_MEMBERS:
            hidden += CONTRACT_COLUMNS
        return {"methodology": self.methodology, "exclude": hidden}

    def facts(self) -> list[Text]:
        edition, methodology = self.editions.selected, self.methodology
        if edition is None or methodology is None:
            return []
        method = {"name": methodology, "minimum": coverage(methodology.minimum_coverage)}
        return [
            _now("Scorecards of %(period)s") % {"period": edition.period},
            _now("By %(name)s; a grade needs %(minimum)s of the evidence") % method,
        ]


class VendorDetail(DetailPage):
    """One vendor: where it stands and how that came, what it delivers to whom under which agreements."""

    open_to = EVERYONE
    model = Vendor
    slug_field, slug_url_kwarg = "organization__code", "code"
    template_name = "vendors/vendor_detail.html"

    def get_queryset(self) -> QuerySet[Vendor]:
        rows = self.rows().with_contracts(self.contracts().in_force())
        return rows.select_related("organization__parent")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            kept = (
                self.rows().filter(organization__absorbed__code=kwargs["code"]).select_related("organization").first()
            )
            if kept is None:
                raise
            return HttpResponseRedirect(kept.get_absolute_url())

    def contracts(self) -> Any:
        return Contract.objects.visible_to(self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, vendor = self.user, self.object
        rows = Scorecard.objects.visible_to(user).standing().filter(vendor=vendor).with_trend()
        rows = rows.select_related("methodology", "grade").prefetch_related("methodology__bands")
        cards = list(rows.order_by("-period_start", "-months", "-pk"))
        published = [card for card in cards if card.status == Scorecard.Status.PUBLISHED]
        default = Editions(card.edition for card in published).default
        current = next((card for card in published if card.edition == default), None)
        lines = ScorecardLine.objects.visible_to(user).filter(scorecard=current)
        levels = ServiceLevel.objects.visible_to(user).filter(contract__vendor=vendor).with_line(lines)
        subscriptions = Subscription.objects.visible_to(user).in_force().filter(service__provider=vendor)
        services = Service.objects.visible_to(user).filter(provider=vendor)
        return super().get_context_data(
            managers=managers_assigned(vendor, user),
            current=current,
            consequences=consequences_of(current, StateRules.current()) if user.role in STAFF_AND_AGENCIES else None,
            chart=chart(current, published, vendor),
            dimensions=dimension_bars(current, current.dimensions.all()) if current else [],
            earlier=[card for card in published if card != current][:SHOWN],
            drafts=[card for card in cards if card.status != Scorecard.Status.PUBLISHED],
            contracts=self.contracts().filter(vendor=vendor).select_related("agency").heaviest_first()[: SHOWN + 1],
            services=services.annotate(users=counted(subscriptions, "service"))[: SHOWN + 1],
            service_levels=levels.select_related("series__indicator", "contract").order_by(WORST_FIRST, "series__code")[
                : SHOWN + 1
            ],
            agencies=agencies_served(self.contracts().in_force().filter(vendor=vendor), subscriptions),
            integrations=Integration.objects.visible_to(user)
            .filter(supplier=vendor)
            .select_related("integrator", "service")
            .order_by("-starts_on", "pk"),
            shown=SHOWN,
            sees_drafts=user.role in STAFF,
            aliases=Alias.objects.visible_to(user).filter(organization=vendor.pk),
            identifiers=Identifier.objects.visible_to(user).filter(organization=vendor.pk),
            addresses=Address.objects.visible_to(user).filter(organization=vendor.pk),
            merges=OrganizationMerge.objects.visible_to(user)
            .filter(kept=vendor.pk, undone_at=None)
            .select_related("absorbed"),
            as_others=published_as_others(vendor, user),
            suspicions=LikelyDuplicate.objects.visible_to(user).undecided().naming(vendor).count(),
            may_merge=LikelyDuplicate.objects.all().creatable_by(user),
            sees_scorecards=user.role in PARTIES,
            **kwargs,
        )


def published_as_others(vendor: Vendor, user: User) -> QuerySet[Scorecard]:
    """The published scorecards of those that were merged into a vendor, latest first."""
    rows = Scorecard.objects.visible_to(user).current().filter(vendor__organization__merged_into=vendor.pk)
    rows = rows.select_related("vendor__organization", "methodology", "grade").prefetch_related("methodology__bands")
    return rows.order_by("-period_start", "-months", "vendor")[:SHOWN]


def managers_assigned(vendor: Vendor, user: User) -> QuerySet[Membership]:
    """The BRM managers assigned to the vendor or to what it is part of, the primary one first."""
    rows = Membership.objects.visible_to(user).in_force().managing().covering(vendor.organization)
    return rows.select_related("user").order_by("-capacity", "user__name")


def agencies_served(contracts: Any, subscriptions: Any) -> QuerySet[Organization]:
    """The agencies of these agreements, with how many of each they have."""
    served = Q(pk__in=contracts.values("agency")) | Q(pk__in=subscriptions.values("agency"))
    rows = Organization.objects.filter(served).annotate(
        contracts=counted(contracts, "agency"), services=counted(subscriptions, "agency")
    )
    return rows.order_by("-contracts", "-services", Lower("name"))


def chart(current: Scorecard | None, published: list[Scorecard], vendor: Vendor) -> list[dict[str, Any]]:
    """The vendor's quarters, oldest first; where it has none, all scorecards as long as the one on display."""
    if current is None:
        return []
    same = [card for card in published if card.methodology_id == current.methodology_id]
    shown = [card for card in same if card.months == QUARTER]
    shown = shown or [card for card in same if card.months == current.months]
    peers = Scorecard.objects.current().peers_of(vendor.segment)
    medians = peers.filter(methodology=current.methodology, months=shown[0].months).medians()
    return [chart_point(card, medians.get(card.period_start)) for card in reversed(shown)]


def chart_point(card: Scorecard, median: Decimal | None) -> dict[str, Any]:
    """One scorecard in a chart of scores over time."""
    return {
        "label": card.period.name,
        "score": card.score,
        "text": score(card.score, card.methodology.edges),
        "grade": card.grade.name if card.grade else None,
        "position": card.grade.position if card.grade else None,
        "coverage": card.coverage,
        "href": card.get_absolute_url(),
        "median": median,
        "median_text": score(median),
    }


def dimension_bars(card: Scorecard, dimensions: Iterable[ScorecardDimension]) -> list[dict[str, Any]]:
    """The dimensions of a scorecard that count, each in the look of the grade its score would be."""
    return [
        {
            "label": row.get_dimension_display(),
            "value": row.score,
            "text": score(row.score, card.methodology.edges),
            "tone": tone_of(card.methodology, row.score),
            "note": number(row.weight),
        }
        for row in dimensions
        if row.weight > 0
    ]


def tone_of(methodology: Methodology, reached: Decimal | None) -> str:
    """The look of the grade a score falls into."""
    band = methodology.band_of(reached)
    return grade_tone(band.name, band.position, len(methodology.edges)) if band else INSUFFICIENT


class VendorCreate(CreatePage):
    """A new vendor."""

    open_to = EDITORS
    model = Vendor
    form_class = VendorForm
    title = _("New vendor")
    list_url_name = "vendors:vendor_list"


class VendorUpdate(EditPage):
    """Change a vendor."""

    open_to = EDITORS
    model = Vendor
    form_class = VendorForm
    slug_field, slug_url_kwarg = "organization__code", "code"
    title = _("Change vendor")
