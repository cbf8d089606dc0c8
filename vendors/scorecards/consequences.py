"""Consequences of a low grade, as the state's rules say."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.directory.models import Organization
from kernel.directory.whom import managers_of
from kernel.notices.operations import notify
from vendors.models import Contract, Scorecard, StateRules, Vendor
from vendors.querysets.scorecards import ScorecardQuerySet
from vendors.scorecards.periods import Editions

# Who reads what follows from a grade: not the vendor, nor whoever sees no scorecards.


class Consequence(TextChoices):
    """What may follow."""

    WATCH_LIST = "watch_list", _("On the watch list")
    REVIEW = "review", _("Review before renewal")
    NOTICE = "notice", _("The agencies' managers were told")

    def reaches(self, card: Scorecard, rules: StateRules) -> bool:
        """Whether it follows from the grade of a scorecard; too little evidence has no consequence."""
        return card.grade is not None and card.grade.position <= getattr(rules, f"{self.value}_grades")


@dataclass(frozen=True)
class Consequences:
    """What follows from one scorecard, which is the reason."""

    card: Scorecard
    kinds: tuple[Consequence, ...]

    @property
    def asks_for_review(self) -> bool:
        """Whether contracts are to be reviewed before they are renewed."""
        return Consequence.REVIEW in self.kinds


def consequences_of(card: Scorecard | None, rules: StateRules) -> Consequences | None:
    """What follows from a scorecard, if anything does."""
    kinds = tuple(kind for kind in Consequence if card is not None and kind.reaches(card, rules))
    return Consequences(card, kinds) if card is not None and kinds else None


def standing_card(vendor: Vendor, user: User) -> Scorecard | None:
    """The published scorecard that a vendor is judged by at present, with its grade: two queries."""
    cards = Scorecard.objects.visible_to(user).current().filter(vendor=vendor)
    rows = list(cards.select_related("methodology", "grade").prefetch_related("methodology__bands"))
    default = Editions(card.edition for card in rows).default
    return next((card for card in rows if card.edition == default), None)


def tell_managers(published: ScorecardQuerySet) -> int:
    """Tell the BRM managers of the agencies served which vendors got a low grade; return how many notices that makes.

    Of what is published only the period that vendors are now judged by counts, so that a month, a quarter and a
    year published together make one notice.
    """
    rules, default = StateRules.current(), Editions(Scorecard.objects.current().editions()).default
    if default is None or not rules.notice_grades:
        return 0
    cards = published.of_edition(default).filter(grade__position__lte=rules.notice_grades)
    graded = list(cards.select_related("vendor__organization", "grade", "methodology"))
    managers = _managers_served([card.vendor_id for card in graded])
    for card in graded:
        words = {"vendor": card.vendor, "grade": card.grade.name, "period": card.period}
        text = _now("%(vendor)s was graded %(grade)s for %(period)s.") % words
        notify(people=managers[card.vendor_id], text=text, url=card.get_absolute_url())
    return sum(len(managers[card.vendor_id]) for card in graded)


def _managers_served(vendors: list[int]) -> dict[int, set[User]]:
    """By vendor, the managers of the agencies it has a contract with today: three queries."""
    contracts = Contract.objects.in_force().filter(vendor__in=vendors).order_by()
    managers = managers_of(Organization.objects.filter(pk__in=contracts.values("agency")))
    by_vendor: dict[int, set[User]] = defaultdict(set)
    for vendor, agency in contracts.values_list("vendor", "agency").distinct():
        by_vendor[vendor] |= managers[agency]
    return by_vendor
