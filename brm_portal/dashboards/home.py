"""What each role sees first: what it answers for, and what needs a look."""

from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from agencies.models import Agency
from brm_portal.dashboards.overview import ENDING_WITHIN_DAYS, published_editions
from kernel.access import Role
from kernel.accounts.models import User
from kernel.in_force import in_force
from metrics.methodologies.figures import Cadence
from metrics.methodologies.scoring import add_months
from metrics.models import Methodology, Outcome, Target
from vendors.models import Contract, Scorecard, Service, ServiceLevel, Vendor
from vendors.querysets.scorecards import ScorecardQuerySet
from vendors.scorecards.periods import Editions

SHOWN = 8
MONTHS_OF_GRACE = 1


def facts_for(user: User) -> dict[str, Any]:
    """What stands on the home page of `user`'s role."""
    return FACTS[Role(user.role)](user)


def manager_home(user: User) -> dict[str, Any]:
    """A BRM manager's own vendors and agencies, what ends with them, and which data is overdue."""
    managed = user.managed_organizations().values("pk")
    editions = published_editions(user, wanted=None)
    mine = Q(vendor__organization__in=managed) | Q(agency__in=managed)
    return {
        "editions": editions,
        "methodology": methodology_of(editions),
        "vendors": scored_vendors(user, editions).filter(organization__in=managed),
        "agencies": Agency.objects.visible_to(user).filter(organization__in=managed).select_related("organization"),
        "ending": ending(user).filter(mine)[:SHOWN],
        "overdue": overdue(user).filter(contract__vendor__organization__in=managed)[:SHOWN],
    }


def agency_home(user: User) -> dict[str, Any]:
    """Who serves the agency and how well, what it uses, and where its outcomes stand."""
    editions = published_editions(user, wanted=None)
    own = user.member_organizations().values("pk")
    used = Service.objects.visible_to(user).filter(in_force(at="subscriptions"), subscriptions__agency__in=own)
    month = Outcome.objects.all().latest_month()
    standing = Outcome.objects.visible_to(user).filter(retired_on=None).with_standing(month)
    return {
        "editions": editions,
        "methodology": methodology_of(editions),
        "vendors": scored_vendors(user, editions)[:SHOWN],
        "services": used.select_related("provider__organization").distinct()[:SHOWN],
        "outcomes": standing.order_by("attainment", "pk")[:SHOWN],
        "month": month,
        "ending": ending(user)[:SHOWN],
    }


def vendor_home(user: User) -> dict[str, Any]:
    """A vendor's own scorecards, latest first, its contracts, and service levels whose data is overdue."""
    cards = Scorecard.objects.visible_to(user).standing().with_trend()
    return {
        "cards": graded(cards)[:SHOWN],
        "contracts": Contract.objects.visible_to(user).in_force().select_related("agency")[:SHOWN],
        "overdue": overdue(user)[:SHOWN],
    }


def integrator_home(user: User) -> dict[str, Any]:
    """The suppliers an integrator orchestrates, and service levels whose data is overdue."""
    levels = Count("contracts__service_levels", distinct=True)
    suppliers = Vendor.objects.visible_to(user).select_related("organization").annotate(levels=levels)
    return {
        "suppliers": suppliers,
        "services": Service.objects.visible_to(user).select_related("provider__organization")[:SHOWN],
        "overdue": overdue(user)[:SHOWN],
    }


def auditor_home(user: User) -> dict[str, Any]:
    """What was published last, by whom, and what stands beside it."""
    cards = Scorecard.objects.visible_to(user).filter(status=Scorecard.Status.PUBLISHED)
    counts = cards.aggregate(
        published=Count("pk"), revised=Count("pk", filter=Q(revision__gt=1)), latest=Max("published_at")
    )
    latest = graded(cards).select_related("published_by").order_by("-published_at", "-pk")
    return {"counts": counts, "cards": latest[:SHOWN]}


FACTS = {
    Role.BRM_MANAGER: manager_home,
    Role.AGENCY_MEMBER: agency_home,
    Role.VENDOR_MEMBER: vendor_home,
    Role.MSI_MEMBER: integrator_home,
    Role.AUDITOR: auditor_home,
}


def scored_vendors(user: User, editions: Editions) -> Any:
    """The vendors a user sees with their current scorecard, weakest first, then those without a score."""
    vendors = Vendor.objects.visible_to(user).with_scorecard(editions.selected)
    return vendors.select_related("organization").order_by("score", "pk")


def graded(cards: ScorecardQuerySet) -> ScorecardQuerySet:
    """Scorecards with whose they are, and their grade among the others of its methodology."""
    return cards.select_related("vendor__organization", "grade", "methodology").prefetch_related("methodology__bands")


def methodology_of(editions: Editions) -> Any:
    """What scored the selected edition, with how many grades it has."""
    if editions.selected is None:
        return None
    return Methodology.objects.annotate(grades=Count("bands")).filter(pk=editions.selected.methodology_id).first()


def ending(user: User) -> Any:
    """Contracts that end soon, the nearest first."""
    rows = Contract.objects.visible_to(user).in_force().ending_within(ENDING_WITHIN_DAYS)
    return rows.select_related("vendor__organization", "agency").order_by("ends_on", "pk")


def overdue(user: User) -> Any:
    """Service levels with a target for which nothing came in when it was due by their cadence and a month of grace."""
    this_month = timezone.localdate().replace(day=1)
    fresh = Q()
    for cadence in Cadence:
        since = add_months(this_month, -cadence.months - MONTHS_OF_GRACE)
        fresh |= Q(series__indicator__cadence=cadence, series__monthly_values__month__gte=since)
    agreed = Target.objects.filter(effective_from__lte=this_month).order_by().values("series")
    levels = ServiceLevel.objects.visible_to(user).in_force(this_month).filter(series__in=agreed)
    return (
        levels.exclude(pk__in=levels.filter(fresh).order_by().values("pk"))
        .select_related("series__indicator", "contract__vendor__organization")
        .annotate(latest_month=Max("series__monthly_values__month"))
        .order_by("latest_month", "series__code")
    )
