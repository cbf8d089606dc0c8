"""Deadlines of contracts: for the calendar, for reminders, and for calendars of other programs."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.accounts.models import User
from kernel.calendar_events import CalendarEvent
from vendors.contracts.terms import CancelBy
from vendors.models import Contract, Milestone
from vendors.querysets.contracts import ContractQuerySet


class Kind(StrEnum):
    """What falls on a day, in the order in which one day tells it; also the name of its look."""

    CANCEL_BY = "cancel-by"
    ENDS = "ends"
    RENEWS = "renews"
    MILESTONE = "milestone"


WORDS: dict[Kind, str | Promise] = {
    Kind.CANCEL_BY: gettext_lazy("Last day to cancel"),
    Kind.ENDS: gettext_lazy("Ends"),
    Kind.RENEWS: gettext_lazy("Renews by itself"),
    Kind.MILESTONE: gettext_lazy("Milestone due"),
}
ICONS = {Kind.CANCEL_BY: "flag", Kind.ENDS: "event", Kind.RENEWS: "autorenew", Kind.MILESTONE: "check_circle_outline"}
ORDER = list(Kind)


@dataclass(frozen=True)
class Deadline:
    """One day of one contract."""

    day: datetime.date
    kind: Kind
    contract: Contract
    milestone: Milestone | None = None

    @property
    def word(self) -> str | Promise:
        """What falls on the day."""
        return WORDS[self.kind]

    @property
    def icon(self) -> str:
        """Its shape."""
        return ICONS[self.kind]

    @property
    def key(self) -> str:
        """What tells it from all others, also when its day moves."""
        row = self.milestone or self.contract
        return f"{self.kind}-{row.pk}"

    @property
    def name(self) -> str:
        """The contract's title, with the milestone's where it is one."""
        return self.contract.title if self.milestone is None else f"{self.milestone.title} · {self.contract.title}"

    @property
    def consequence(self) -> str:
        """What happens when nobody acts, or why the day matters."""
        contract, until = self.contract, self.contract.renewed_until
        words = {"end": date_format(contract.ends_on) if contract.ends_on else "", "until": ""}
        if until is not None:
            words["until"] = date_format(until)
        if self.kind == Kind.RENEWS:
            return _("It goes on to %(until)s.") % words
        if self.kind != Kind.CANCEL_BY:
            return ""
        if contract.renews_unless_cancelled:
            return _("Unless it is cancelled by then, it renews to %(until)s.") % words
        return _("It ends on %(end)s.") % words


def deadlines_between(
    contracts: ContractQuerySet, first: datetime.date, last: datetime.date, user: User
) -> list[Deadline]:
    """What falls on the days of a span, of active ones of `contracts` and of milestones `user` sees: two queries."""
    active = contracts.filter(status=Contract.Status.ACTIVE)
    found = contract_deadlines(active, first, last)
    milestones = Milestone.objects.visible_to(user).open().filter(due_on__range=(first, last))
    named = milestones.filter(contract__in=active.order_by().values("pk"))
    for row in named.select_related("contract__vendor__organization", "contract__agency"):
        found.append(Deadline(row.due_on, Kind.MILESTONE, row.contract, row))
    return in_order(found)


def deadline_events(user: User, first: datetime.date, last: datetime.date) -> list[CalendarEvent]:
    """What falls on the days of a span of contracts that `user` may see, for calendars: two queries."""
    return [_event(each) for each in deadlines_between(Contract.objects.visible_to(user), first, last, user)]


def _event(deadline: Deadline) -> CalendarEvent:
    contract = deadline.contract
    names = {"number": contract.number, "vendor": contract.vendor, "agency": contract.agency}
    parties = _("%(number)s: %(vendor)s for %(agency)s") % names
    return CalendarEvent(
        key=deadline.key,
        day=deadline.day,
        word=deadline.word,
        name=deadline.name,
        description="\n".join(filter(None, (deadline.consequence, parties))),
        path=contract.get_absolute_url(),
    )


def contract_deadlines(active: ContractQuerySet, first: datetime.date, last: datetime.date) -> list[Deadline]:
    """When contracts end, renew, or can be cancelled for the last time within a span of days: one query."""
    span = (first, last)
    rows = active.alias(cancel_by=CancelBy()).filter(Q(ends_on__range=span) | Q(cancel_by__range=span))
    found = []
    for row in rows.select_related("vendor__organization", "agency"):
        ends = Kind.RENEWS if row.renews_unless_cancelled else Kind.ENDS
        days = ((row.cancel_by, Kind.CANCEL_BY), (row.ends_on, ends))
        found += [Deadline(day, kind, row) for day, kind in days if day is not None and first <= day <= last]
    return in_order(found)


def in_order(found: list[Deadline]) -> list[Deadline]:
    """By day; on one day first what must be decided."""
    return sorted(found, key=lambda each: (each.day, ORDER.index(each.kind), each.name.lower(), each.contract.pk))
