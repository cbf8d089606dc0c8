"""Access rules and domain words of the supply side."""

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db.models import Case, Count, F, FilteredRelation, Max, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from kernel.access import EVERYBODY, SEES_EVERYTHING, OpenQuerySet, Role, ScopedQuerySet, acting_user
from kernel.directory.querysets import InForceQuerySet
from kernel.expressions import Median, MonthsEarlier, counted, summed
from metrics.expressions import newest, value_of_month
from metrics.models import MonthlyValue, Series, Target
from vendors.periods import Edition, GradeCount, Period
from vendors.terms import CancelBy

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kernel.accounts.models import User
    from kernel.directory.models import Organization

# With fewer, a median would name a rival.
FEWEST_PEERS = 5


def running(path: str, today: datetime.date) -> Q:
    """Rows at the end of `path` that are in force on a day."""
    until = Q(**{f"{path}__ends_on__isnull": True}) | Q(**{f"{path}__ends_on__gte": today})
    return until & Q(**{f"{path}__starts_on__lte": today})


def sees_spending(user: "User") -> bool:
    """Money of services is for the office and for the provider, whose visible services are all its own."""
    actor = acting_user(user)
    return actor is not None and (actor.role in SEES_EVERYTHING or actor.role == Role.VENDOR_MEMBER)


def current_of(edition: Edition | None, path: str = "scorecards") -> FilteredRelation:
    """Of the scorecards at the end of `path` the current one of an edition; none without an edition."""
    facts: dict[str, Any] = {"status": "published", "superseded_at__isnull": True, "months": 0}
    if edition is not None:
        period = {"period_start": edition.period.start, "months": edition.period.months}
        facts |= {**period, "methodology": edition.methodology_id}
    return FilteredRelation(path, condition=Q(**{f"{path}__{name}": value for name, value in facts.items()}))


class VendorQuerySet(ScopedQuerySet):
    """Vendors: a vendor sees itself, an agency those that serve it, an MSI the suppliers it integrates.

    Nobody sees one that was merged into another: all it had is the other's now.
    """

    vendor_paths = ("organization",)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return super().visible_to(user).filter(organization__merged_into=None)

    def agency_rule(self, user: "User") -> Q:
        return Q(pk__in=self.serving(user).values("pk"))

    def msi_rule(self, user: "User") -> Q:
        own, today = user.member_organizations().values("pk"), timezone.localdate()
        named = running("integrations", today) & Q(integrations__integrator__in=own)
        return Q(pk__in=self.model._base_manager.filter(named).values("pk"))

    def serving(self, user: "User") -> Self:
        """Vendors with a contract or a subscription in force today with the user's agencies."""
        own, today = user.member_organizations().values("pk"), timezone.localdate()
        rows = self.model._base_manager
        by_contract = rows.filter(running("contracts", today), contracts__agency__in=own, contracts__status="active")
        by_subscription = rows.filter(
            running("services__subscriptions", today), services__subscriptions__agency__in=own
        )
        return self.model.objects.filter(
            Q(pk__in=by_contract.values("pk")) | Q(pk__in=by_subscription.values("pk"))
        ).order_by()

    def that_serve(self, agency: "Organization", user: "User") -> Self:
        """Vendors that serve an agency today by a contract or a subscription that the user sees."""
        contracts = self.model._meta.get_field("contracts").related_model.objects
        services = self.model._meta.get_field("services").related_model
        subscriptions = services._meta.get_field("subscriptions").related_model.objects
        by_contract, by_subscription = (
            rows.visible_to(user).in_force().filter(agency=agency).order_by() for rows in (contracts, subscriptions)
        )
        return self.filter(
            Q(pk__in=by_contract.values("vendor")) | Q(pk__in=by_subscription.values("service__provider"))
        )

    def with_scorecard(self, edition: Edition | None) -> Self:
        """Each vendor with its current scorecard of an edition, and how that moved since the one before.

        The edition is taken from scorecards the user may see: who sees a vendor then sees its published ones.
        """
        graded = Q(card__grade__isnull=False, before__grade__isnull=False)
        return self.annotate(
            card=current_of(edition),
            before=current_of(edition and edition.before),
        ).annotate(
            scorecard=F("card__pk"),
            score=F("card__score"),
            coverage=F("card__coverage"),
            grade=F("card__grade__name"),
            position=F("card__grade__position"),
            trend=Case(When(graded, then=F("card__score") - F("before__score"))),
        )

    def with_contracts(self, contracts: QuerySet[Any]) -> Self:
        """Each vendor with how many of `contracts` it holds, and their value in the state's currency."""
        return self.annotate(
            contracts_held=counted(contracts, "vendor"),
            value=summed(contracts.filter(currency=settings.CURRENCY), "vendor", "value"),
        )


class StateRulesQuerySet(ScopedQuerySet):
    """The rules of the state: staff reads them, the CIO's office changes them."""

    manager_paths = ()
    creator_roles = frozenset()


class ContractQuerySet(InForceQuerySet):
    """Contracts: both parties see them."""

    agency_paths = ("agency",)
    vendor_paths = ("vendor",)

    def in_force(self, on: datetime.date | None = None) -> Self:
        """Contracts that are signed, not ended before their time, and within their days."""
        return super().in_force(on).filter(status=self.model.Status.ACTIVE)

    def ending_within(self, days: int) -> Self:
        """Contracts that end in the coming days."""
        today = timezone.localdate()
        return self.filter(ends_on__range=(today, today + datetime.timedelta(days=days)))

    def to_be_cancelled_within(self, days: int) -> Self:
        """Contracts that can be cancelled for their end in the coming days, and no later."""
        today = timezone.localdate()
        return self.alias(cancel_by=CancelBy()).filter(
            cancel_by__range=(today, today + datetime.timedelta(days=days)), status=self.model.Status.ACTIVE
        )

    def heaviest_first(self) -> Self:
        """Contracts in force before those that are over, the most valuable first."""
        over = Case(When(ends_on__lt=timezone.localdate(), then=1), default=0)
        return self.order_by(over, F("value").desc(nulls_last=True), "number")

    def held_outside(self) -> Self:
        """Contracts that an agency holds alone: the state's exposure to independent commitments."""
        return self.filter(holder=self.model.Holder.AGENCY)

    def with_spent(self) -> Self:
        """Each contract with what was paid under it to date, in its own currency; none where nothing was."""
        payments = self.model._meta.get_field("payments").related_model.objects
        own = payments.filter(currency=OuterRef("currency"), paid_on__lte=timezone.localdate())
        return self.annotate(spent=summed(own, "contract", "amount"))


class ContractPartQuerySet(ScopedQuerySet):
    """What hangs on a contract: amendments, milestones, payments. Both parties of the contract see it."""

    agency_paths = ("contract__agency",)
    vendor_paths = ("contract__vendor",)


class AmendedTargetQuerySet(ScopedQuerySet):
    """Which targets amendments agreed: for both parties of their contract."""

    agency_paths = ("amendment__contract__agency",)
    vendor_paths = ("amendment__contract__vendor",)


class MilestoneQuerySet(ContractPartQuerySet):
    """Milestones."""

    def open(self) -> Self:
        """Milestones that were not met yet, and are still to be."""
        status = self.model.Status
        return self.filter(status__in=(status.SCHEDULED, status.PARTIALLY_MET), met_on__isnull=True)


class ReminderQuerySet(ScopedQuerySet):
    """What people were reminded of is for those who see all contracts; nobody writes it."""

    manager_paths = ()
    creator_roles = frozenset()


class ContractReleaseQuerySet(ScopedQuerySet):
    """What publishers said, as it was read: the source of contracts, for those who see all of them."""

    creator_roles = frozenset()


class ServiceQuerySet(ScopedQuerySet):
    """Services: the catalogue is open to agencies; a vendor sees its own, an MSI those it integrates."""

    vendor_paths = ("provider",)

    def agency_rule(self, user: "User") -> Q:
        return EVERYBODY

    def msi_rule(self, user: "User") -> Q:
        own, today = user.member_organizations().values("pk"), timezone.localdate()
        rows = self.model._base_manager
        named = rows.filter(running("integrations", today), integrations__integrator__in=own)
        supplied = rows.filter(
            running("provider__integrations", today),
            provider__integrations__integrator__in=own,
            provider__integrations__service=None,
        )
        return Q(pk__in=named.values("pk")) | Q(pk__in=supplied.values("pk"))

    def with_scorecard(self, edition: Edition) -> Self:
        """Each service with its provider's current scorecard of an edition, which whoever sees all services may see."""
        return self.annotate(card=current_of(edition, "provider__scorecards"))

    def with_subscribers(self) -> Self:
        """Each service with how many agencies use it today."""
        subscriptions = self.model._meta.get_field("subscriptions").related_model.objects.in_force()
        count = subscriptions.filter(service=OuterRef("pk")).order_by().values("service").annotate(n=Count("*"))
        return self.annotate(subscribers=Coalesce(Subquery(count.values("n")), 0))


class SubscriptionQuerySet(InForceQuerySet):
    """Subscriptions: the agency that uses a service and its provider see them."""

    agency_paths = ("agency",)
    vendor_paths = ("service__provider",)


class IntegrationQuerySet(InForceQuerySet):
    """Integrations: the integrator and the supplier see them; the CIO's office changes them."""

    vendor_paths = ("supplier",)
    manager_paths = ("supplier",)

    def msi_rule(self, user: "User") -> Q:
        return Q(integrator__in=user.member_organizations().values("pk"))


class ServiceLevelQuerySet(ScopedQuerySet):
    """Service levels: both parties of the contract, and the MSI that integrates the supplier or service."""

    agency_paths = ("contract__agency",)
    vendor_paths = ("contract__vendor",)

    def msi_rule(self, user: "User") -> Q:
        return Q(series__in=Series.objects.visible_to(user).values("pk"))

    def in_force(self, month: datetime.date) -> Self:
        """Service levels in force in a month."""
        return self.filter(Q(last_month__isnull=True) | Q(last_month__gte=month), first_month__lte=month)

    def with_latest(self) -> Self:
        """Each service level with its target in force today, its latest month with data and that month's value."""
        targets = Target.objects.filter(effective_from__lte=timezone.localdate()).order_by("-effective_from")
        months = MonthlyValue.objects.order_by("-month")
        valued = months.annotate(figure=value_of_month("series__indicator"))
        return self.annotate(
            target=newest(targets, "target", to="series"),
            latest_month=newest(months, "month", to="series"),
            latest_value=newest(valued, "figure", to="series"),
        )

    def with_line(self, lines: QuerySet[Any]) -> Self:
        """Each service level with what it reached in those of `lines` that are its own; meant for one scorecard's."""
        own = lines.filter(service_level=OuterRef("pk")).order_by()
        return self.annotate(
            attainment=Subquery(own.values("attainment")[:1]), coverage=Subquery(own.values("coverage")[:1])
        )


class ServiceLevelTemplateQuerySet(OpenQuerySet):
    """Templates are definitions."""

    def offered(self) -> Self:
        """Templates that a service level may start from today."""
        return self.filter(retired_on__isnull=True, indicator__retired_on__isnull=True)


class ScorecardQuerySet(ScopedQuerySet):
    """Scorecards by status: drafts stay inside; the vendor joins in review, the agencies it serves when published."""

    vendor_paths = ("vendor",)
    manager_paths = ()
    creator_roles = frozenset({Role.CIO_OFFICE})

    def agency_rule(self, user: "User") -> Q:
        serving = self.model._meta.get_field("vendor").related_model.objects.serving(user).values("pk")
        # What was published of a vendor stays its own when it is merged into another.
        of_serving = Q(vendor__in=serving) | Q(vendor__organization__merged_into__in=serving)
        return Q(status=self.model.Status.PUBLISHED) & of_serving

    def vendor_rule(self, user: "User") -> Q:
        return ~Q(status=self.model.Status.DRAFT) & super().vendor_rule(user)

    def current(self) -> Self:
        """Published scorecards of the highest revision."""
        return self.filter(status=self.model.Status.PUBLISHED, superseded_at__isnull=True)

    def open(self) -> Self:
        """Scorecards not yet published."""
        return self.exclude(status=self.model.Status.PUBLISHED)

    def standing(self) -> Self:
        """Scorecards that no later revision has replaced."""
        return self.filter(superseded_at__isnull=True)

    def of_period(self, period_start: datetime.date, months: int) -> Self:
        """Scorecards of one run of whole months."""
        return self.filter(period_start=period_start, months=months)

    def same_as(self, card: Any) -> Self:
        """All revisions of one scorecard."""
        return self.of_edition(card.edition).filter(vendor=card.vendor_id)

    def of_edition(self, edition: Edition) -> Self:
        """Scorecards of one period by one methodology."""
        return self.of_period(edition.period.start, edition.period.months).filter(methodology=edition.methodology_id)

    def editions(self) -> list[Edition]:
        """The periods and methodologies these scorecards are of."""
        names = ("methodology__name", "methodology__edition", "methodology__is_default")
        rows = self.order_by().values_list("period_start", "months", "methodology_id", *names).distinct()
        return [
            Edition(Period(start, months), key, f"{name} {edition}", is_default)
            for start, months, key, name, edition, is_default in rows
        ]

    def counted_by_grade(self) -> dict[tuple[Period, int], list[GradeCount]]:
        """How many of these scorecards there are at each grade, by period and methodology."""
        rows = self.order_by().values_list("period_start", "months", "methodology_id", "grade")
        found: dict[tuple[Period, int], list[GradeCount]] = {}
        for start, months, methodology, *counts in rows.annotate(Count("pk"), Sum("coverage"), Max("published_at")):
            found.setdefault((Period(start, months), methodology), []).append(GradeCount(*counts))
        return found

    def period_before(self) -> QuerySet[Any]:
        """The scorecard with enough evidence that each is compared with, for a subquery."""
        rows = self.model._default_manager.current().filter(
            vendor=OuterRef("vendor"),
            methodology=OuterRef("methodology"),
            months=OuterRef("months"),
            period_start=MonthsEarlier(OuterRef("period_start"), OuterRef("months")),
            grade__isnull=False,
        )
        return rows.order_by()

    def with_trend(self) -> Self:
        """Each scorecard with how its score moved since the period before; none where either lacks evidence."""
        earlier = self.annotate(score_before=Subquery(self.period_before().values("score")[:1]))
        return earlier.annotate(trend=Case(When(grade__isnull=False, then=F("score") - F("score_before"))))

    def with_fallen_grade(self) -> Self:
        """Scorecards whose grade is lower than that of the period before, which is in `grade_before`."""
        before = self.period_before()
        graded = self.annotate(
            grade_before=Subquery(before.values("grade__name")[:1]),
            position_before=Subquery(before.values("grade__position")[:1]),
        )
        return graded.filter(grade__position__lt=F("position_before"))

    def fallen_since(self, before: Edition) -> Self:
        """Scorecards whose score fell since an edition, with their trend: of many at once, so by a join."""
        rows = self.annotate(before=current_of(before, "vendor__scorecards"))
        fallen = rows.filter(grade__isnull=False, before__grade__isnull=False, score__lt=F("before__score"))
        return fallen.annotate(trend=F("score") - F("before__score"))

    def peers_of(self, segment: str) -> Self:
        """Scorecards with enough evidence of the vendors of a segment."""
        return self.filter(vendor__segment=segment, grade__isnull=False)

    def median(self) -> tuple[Decimal | None, int]:
        """The median score and of how many vendors; no median where it would name a rival."""
        found = self.aggregate(median=Median("score"), vendors=Count("vendor", distinct=True))
        few = found["vendors"] < FEWEST_PEERS
        return (None if few else Decimal(found["median"]), found["vendors"])

    def medians(self) -> dict[datetime.date, Decimal]:
        """The median score of each period that starts on a day, where there are enough vendors."""
        rows = self.order_by().values("period_start").annotate(median=Median("score"), vendors=Count("vendor"))
        return {row["period_start"]: Decimal(row["median"]) for row in rows if row["vendors"] >= FEWEST_PEERS}


class ScorecardPartQuerySet(ScopedQuerySet):
    """Parts of the scorecards one may see."""

    manager_paths = ()
    creator_roles = frozenset()

    def _of_visible_scorecards(self, user: "User") -> Q:
        scorecards = self.model._meta.get_field("scorecard").related_model.objects.visible_to(user)
        return Q(scorecard__in=scorecards.values("pk"))

    def agency_rule(self, user: "User") -> Q:
        return self._of_visible_scorecards(user)

    def vendor_rule(self, user: "User") -> Q:
        return self._of_visible_scorecards(user)


class ScorecardLineQuerySet(ScorecardPartQuerySet):
    """Lines: an agency sees those of contracts it is party to; pages give it the others as one sum."""

    def agency_rule(self, user: "User") -> Q:
        own = user.member_organizations().values("pk")
        return self._of_visible_scorecards(user) & Q(service_level__contract__agency__in=own)

    def totals(self) -> dict[str, dict[str, Any]]:
        """Per dimension: how many lines, how many scored, their weights and what they contributed."""
        weighs = F("weight") * F("criticality")
        scored = Q(attainment__isnull=False)
        rows = (
            self.order_by()
            .values("dimension")
            .annotate(
                lines=Count("pk"),
                scored=Count("pk", filter=scored),
                total_weight=Sum(weighs),
                scored_weight=Sum(weighs, filter=scored),
                attained=Sum(weighs * F("attainment")),
                covered=Sum(weighs * F("coverage")),
                contributed=Sum("contribution"),
            )
        )
        return {row["dimension"]: row for row in rows}
