"""What the CIO sees first. Each figure is one query over stored results, limited by the access rule."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from kernel.accounts.models import User
from metrics.methodologies.scoring import add_months
from metrics.models import Methodology, Outcome, OutcomeReading
from vendors.models import Contract, Scorecard, Service, Vendor
from vendors.querysets.scorecards import ScorecardQuerySet
from vendors.scorecards.periods import QUARTER, Edition, Editions, Period

QUARTERS_SHOWN = 8
FALLERS_SHOWN = 5
ENDING_WITHIN_DAYS = 180
ENDING_SHOWN = 5
HOLDERS_SHOWN = 5
BEHIND_SHOWN = 3


@dataclass(frozen=True)
class Standing:
    """How many vendors stand at each grade in one edition, on how much evidence."""

    edition: Edition
    by_grade: dict[int | None, int]
    covered: Decimal
    published_at: datetime.datetime

    @property
    def scored(self) -> int:
        """Vendors with a scorecard."""
        return sum(self.by_grade.values())

    @property
    def with_evidence(self) -> int:
        """Vendors with enough evidence for a grade."""
        return self.scored - self.by_grade.get(None, 0)

    @property
    def mean_coverage(self) -> Decimal:
        """How much of the evidence there is, on average over the scored vendors."""
        return self.covered / self.scored


@dataclass(frozen=True)
class Spend:
    """Yearly spending on services of vendors at one grade; `scored` says whether they have a scorecard."""

    scored: bool
    grade: int | None
    total: Decimal
    services: int


@dataclass(frozen=True)
class Holding:
    """Contracts in force: all, and those that agencies hold without the CIO's office."""

    contracts: int
    total_value: Decimal
    outside: int
    outside_value: Decimal
    ending: int
    ending_value: Decimal
    open_ended: int


def cards_of(user: User, edition: Edition) -> ScorecardQuerySet:
    """The current scorecards of one edition that `user` may see."""
    return Scorecard.objects.visible_to(user).current().of_edition(edition)


def published_editions(user: User, wanted: str | None) -> Editions:
    """The editions that have published scorecards: one query."""
    return Editions(Scorecard.objects.visible_to(user).current().editions(), wanted)


def methodologies(user: User) -> dict[int, Methodology]:
    """All methodologies with their bands: two queries."""
    return Methodology.objects.visible_to(user).prefetch_related("bands").in_bulk()


def standings(user: User, methodologies: dict[int, Methodology]) -> dict[Edition, Standing]:
    """Where the vendors stand in every published edition: one query."""
    counted = Scorecard.objects.visible_to(user).current().counted_by_grade()
    return {
        (edition := edition_of(period, methodologies[key])): Standing(
            edition=edition,
            by_grade={row.grade: row.scorecards for row in rows},
            covered=sum((row.covered for row in rows), Decimal(0)),
            published_at=max(row.published_at for row in rows),
        )
        for (period, key), rows in counted.items()
    }


def edition_of(period: Period, methodology: Methodology) -> Edition:
    """A period as a methodology scored it."""
    return Edition(period, methodology.pk, str(methodology), methodology.is_default)


def vendors(user: User) -> int:
    """The vendors that the state works with: one query."""
    return Vendor.objects.visible_to(user).filter(organization__retired_on=None).count()


def quarters(edition: Edition, standings: dict[Edition, Standing]) -> list[Standing]:
    """How the grades moved over the quarters up to the end of the edition's period."""
    end = add_months(edition.period.last_month, 1)
    starts = (add_months(end, -QUARTER * back) for back in range(QUARTERS_SHOWN, 0, -1))
    return [standings[quarter] for start in starts if (quarter := same_method(edition, start)) in standings]


def same_method(edition: Edition, start: datetime.date) -> Edition:
    """The quarter that begins with `start`, by the same methodology."""
    return replace(edition, period=Period(start, QUARTER))


def comparable(edition: Edition, editions: Iterable[Edition]) -> Edition | None:
    """The edition whose change can be told: the period, else its last quarter, if the one before was published."""
    published = set(editions)
    last_quarter = same_method(edition, add_months(edition.period.last_month, 1 - QUARTER))
    for candidate in (edition, last_quarter):
        if candidate in published and candidate.before in published:
            return candidate
    return None


def fallers(user: User, edition: Edition) -> list[Scorecard]:
    """The vendors whose score fell most against the period before: one query."""
    rows = (
        cards_of(user, edition)
        .fallen_since(edition.before)
        .select_related("vendor__organization", "grade")
        .order_by("trend", "vendor")
    )
    return list(rows[:FALLERS_SHOWN])


def spend(user: User, edition: Edition) -> list[Spend]:
    """What the state spends in a year on services of vendors at each grade, in its own currency: one query."""
    rows = (
        Service.objects.visible_to(user)
        .with_scorecard(edition)
        .filter(
            lifecycle__in=(Service.Lifecycle.LIVE, Service.Lifecycle.RETIRING),
            yearly_spending__gt=0,
            currency=settings.CURRENCY,
        )
        .annotate(scored=Q(card__isnull=False), grade=F("card__grade"))
        .order_by()
        .values("scored", "grade")
        .annotate(total=Sum("yearly_spending"), services=Count("pk"))
    )
    return [Spend(**row) for row in rows]


def outcomes(user: User, edition: Edition) -> dict[str, int]:
    """How many outcomes stood where at the end of the period, those without a reading as without data: one query."""
    rows = Outcome.objects.visible_to(user).filter(retired_on=None).with_standing(edition.period.last_month)
    counts = {row["status"]: row["n"] for row in rows.order_by().values("status").annotate(n=Count("pk"))}
    return {status: counts.get(status, 0) for status in OutcomeReading.Status.values}


def outcomes_behind(user: User, edition: Edition) -> list[Outcome]:
    """The outcomes furthest behind when the period ended: one query."""
    behind = (OutcomeReading.Status.OFF_TRACK, OutcomeReading.Status.AT_RISK)
    rows = Outcome.objects.visible_to(user).filter(retired_on=None).with_standing(edition.period.last_month)
    return list(rows.filter(status__in=behind).order_by("attainment", "pk")[:BEHIND_SHOWN])


def holding(user: User) -> Holding:
    """Contracts in force today, by holder and by end: one query."""
    soon = timezone.localdate() + datetime.timedelta(days=ENDING_WITHIN_DAYS)
    outside, ending = Q(holder=Contract.Holder.AGENCY), Q(ends_on__lte=soon)
    own = Q(currency=settings.CURRENCY)
    found = (
        Contract.objects.visible_to(user)
        .in_force()
        .aggregate(
            contracts=Count("pk"),
            total_value=Sum("value", filter=own, default=0),
            outside=Count("pk", filter=outside),
            outside_value=Sum("value", filter=own & outside, default=0),
            ending=Count("pk", filter=ending),
            ending_value=Sum("value", filter=own & ending, default=0),
            open_ended=Count("pk", filter=Q(ends_on=None)),
        )
    )
    return Holding(**found)


def ending_soon(user: User) -> list[Contract]:
    """The contracts that end next: one query."""
    rows = Contract.objects.visible_to(user).in_force().ending_within(ENDING_WITHIN_DAYS)
    return list(rows.select_related("vendor__organization", "agency").order_by("ends_on", "pk")[:ENDING_SHOWN])


def holders_outside(user: User) -> list[dict[str, Any]]:
    """The agencies that hold most by themselves: one query."""
    rows = (
        Contract.objects.visible_to(user)
        .in_force()
        .held_outside()
        .filter(currency=settings.CURRENCY)
        .order_by()
        .values("agency__code", "agency__name")
        .annotate(contracts=Count("pk"), held=Sum("value", default=0))
    )
    return list(rows.order_by("-held", "agency__code")[:HOLDERS_SHOWN])


def drafts(user: User) -> int:
    """Scorecards that wait for being published: one query."""
    return Scorecard.objects.visible_to(user).filter(status=Scorecard.Status.DRAFT).count()
