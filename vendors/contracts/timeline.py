"""The life of a contract in order: what happened, what lies ahead, and where it stands on a line of time."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vendors.models import Amendment, Contract, Milestone

Day = datetime.date
# How many months lie between two marks of the line, and how many marks of that kind fit on a narrow screen.
STEPS = ((1, 4), (3, 4), (6, 4), (12, 6), (24, 6), (60, 6), (120, 6), (1_200, 12), (12_000, 12))


class Kind(StrEnum):
    """What an event is; also the name of its look."""

    SIGNED = "signed"
    STARTS = "starts"
    AMENDMENT = "amendment"
    MILESTONE = "milestone"
    CANCEL_BY = "cancel-by"
    ENDS = "ends"


WORDS: dict[Kind, str | Promise] = {
    Kind.SIGNED: _("Signed"),
    Kind.STARTS: _("Starts"),
    Kind.AMENDMENT: _("Amendment"),
    Kind.MILESTONE: _("Milestone"),
    Kind.CANCEL_BY: _("Last day to cancel"),
    Kind.ENDS: _("Ends"),
}


@dataclass(frozen=True)
class Event:
    """One thing in the life of a contract; none for its day where that is not known."""

    kind: Kind
    day: Day | None
    amendment: Amendment | None = None
    milestone: Milestone | None = None

    @property
    def word(self) -> str | Promise:
        """What it is called."""
        return WORDS[self.kind]


@dataclass(frozen=True)
class Mark:
    """A month named below the line."""

    x: str
    anchor: str
    label: str


@dataclass(frozen=True)
class Span:
    """A stretch of the line."""

    x: str
    width: str


@dataclass(frozen=True)
class Standing:
    """How far a contract is today, in time and money."""

    contract: Contract
    spent: Decimal | None
    today: Day

    @property
    def spent_share(self) -> Decimal | None:
        """Which part of its value is paid; none where either is not known, or the value is that of a year alone."""
        if self.spent is None or not self.contract.value or self.contract.kind == Contract.Kind.INTERNAL_AGREEMENT:
            return None
        return self.spent / self.contract.value

    @property
    def is_overspent(self) -> bool:
        """Whether more is paid than it is worth."""
        return self.spent_share is not None and self.spent_share > 1

    @property
    def days_left(self) -> int | None:
        """Days until its last one; below zero where that is over."""
        return None if self.contract.ends_on is None else (self.contract.ends_on - self.today).days

    @property
    def gone_share(self) -> Decimal | None:
        """Which part of its time is over."""
        if self.contract.ends_on is None:
            return None
        whole = (self.contract.ends_on - self.contract.starts_on).days + 1
        gone = (self.today - self.contract.starts_on).days
        return min(max(Decimal(gone) / whole, Decimal(0)), Decimal(1))

    @property
    def days_to_cancel(self) -> int | None:
        """Days until the last one to cancel it; below zero where it is too late."""
        return None if self.contract.cancel_by is None else (self.contract.cancel_by - self.today).days

    @property
    def is_urgent(self) -> bool:
        """Whether somebody has to decide soon."""
        if self.days_to_cancel is None or not self.contract.is_in_force():
            return False
        return 0 <= self.days_to_cancel <= max(settings.CONTRACT_REMINDER_DAYS)


class Timeline:
    """A contract's events, and the line they stand on."""

    def __init__(
        self, contract: Contract, amendments: Iterable[Amendment], milestones: Iterable[Milestone], today: Day
    ) -> None:
        self.contract = contract
        self.today = today
        found = [*_own_events(contract), *(Event(Kind.AMENDMENT, each.signed_on, each) for each in amendments)]
        found += [Event(Kind.MILESTONE, each.met_on or each.due_on, milestone=each) for each in milestones]
        self.events = sorted(found, key=lambda event: event.day or Day.max)
        days = [event.day for event in found if event.day is not None]
        days.append(max(today, contract.starts_on) if contract.ends_on is None else contract.ends_on)
        self.first, self.last = min(days), max(days)

    def x(self, day: Day) -> str:
        """Where a day stands, in percent of the line's width."""
        return f"{self._share(day):.2f}%"

    def _share(self, day: Day) -> float:
        whole = (self.last - self.first).days or 1
        return min(max((day - self.first).days / whole, 0), 1) * 100

    def _span(self, first: Day, last: Day) -> Span:
        return Span(self.x(first), f"{max(self._share(last) - self._share(first), 0):.2f}%")

    @property
    def points(self) -> list[tuple[Event, str]]:
        """The events whose day is known, with where they stand."""
        return [(event, self.x(event.day)) for event in self.events if event.day is not None]

    @property
    def in_force(self) -> Span:
        """From the contract's first day to its last."""
        return self._span(self.contract.starts_on, self.contract.ends_on or self.last)

    @property
    def gone(self) -> Span:
        """As much of it as lies behind."""
        return self._span(self.contract.starts_on, min(self.today, self.contract.ends_on or self.today))

    @property
    def today_x(self) -> str | None:
        """Where today stands; none where it is off the line."""
        return self.x(self.today) if self.first <= self.today <= self.last else None

    @property
    def marks(self) -> list[Mark]:
        """The months named below the line, as many as can be read."""
        first, last = (day.year * 12 + day.month - 1 for day in (self.first, self.last))
        for step, fitting in STEPS:
            numbers = range(-(-(first + 1) // step) * step, last + 1, step)
            if len(numbers) <= fitting:
                return [self._mark(Day(*_month(number), 1), step) for number in numbers]
        return []

    def _mark(self, day: Day, step: int) -> Mark:
        share = self._share(day)
        anchor = "start" if share < 5 else "end" if share > 95 else "middle"
        return Mark(self.x(day), anchor, date_format(day, "Y" if step >= 12 else "M Y"))


def _month(number: int) -> tuple[int, int]:
    year, index = divmod(number, 12)
    return year, index + 1


def _own_events(contract: Contract) -> Iterator[Event]:
    """What the contract itself says of its days."""
    days = {
        Kind.SIGNED: contract.signed_on,
        Kind.STARTS: contract.starts_on,
        Kind.CANCEL_BY: contract.cancel_by,
        Kind.ENDS: contract.ends_on,
    }
    yield from (Event(kind, day) for kind, day in days.items() if day is not None)
