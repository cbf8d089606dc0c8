"""Access rules and domain words of scorecards, their dimensions and lines."""

import datetime
from decimal import Decimal
from typing import Any, Self

from django.db.models import Case, Count, F, FilteredRelation, Max, OuterRef, Q, QuerySet, Subquery, Sum, When

from kernel.access import Actor, OfficeKept, PartQuerySet, ScopedQuerySet, Unwritten
from kernel.expressions import Median, MonthsEarlier
from vendors.querysets.contracts import serving_organizations
from vendors.scorecards.periods import Edition, GradeCount, Period

# With fewer, a median would name a rival.
FEWEST_PEERS = 5


def current_of(edition: Edition | None, path: str = "scorecards") -> FilteredRelation:
    """Of the scorecards at the end of `path` the current one of an edition; none without an edition."""
    facts: dict[str, Any] = {"status": "published", "superseded_at__isnull": True, "months": 0}
    if edition is not None:
        period = {"period_start": edition.period.start, "months": edition.period.months}
        facts |= {**period, "methodology": edition.methodology_id}
    return FilteredRelation(path, condition=Q(**{f"{path}__{name}": value for name, value in facts.items()}))


class ScorecardQuerySet(OfficeKept, ScopedQuerySet):
    """Scorecards by status: drafts stay inside; the vendor joins in review, the agencies it serves when published."""

    vendor_paths = ("vendor",)

    def agency_rule(self, user: Actor) -> Q:
        serving = serving_organizations(user).values("pk")
        # What was published of a vendor stays its own when it is merged into another.
        of_serving = Q(vendor__in=serving) | Q(vendor__organization__merged_into__in=serving)
        return Q(status=self.model.Status.PUBLISHED) & of_serving

    def vendor_rule(self, user: Actor) -> Q:
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


class ScorecardPartQuerySet(Unwritten, PartQuerySet):
    """Parts of the scorecards one may see."""

    whole = "scorecard"


class ScorecardLineQuerySet(ScorecardPartQuerySet):
    """Lines: an agency sees those of contracts it is party to; pages give it the others as one sum."""

    def agency_rule(self, user: Actor) -> Q:
        own = user.member_organizations().values("pk")
        return super().agency_rule(user) & Q(service_level__contract__agency__in=own)

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
