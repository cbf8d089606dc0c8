"""Runs of whole months that scorecards are about, and which of them a page shows."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.templatetags.ui import quarter
from metrics.methodologies.scoring import add_months

QUARTER, YEAR = 3, 12


@dataclass(frozen=True)
class Period:
    """A run of whole months."""

    start: datetime.date
    months: int

    @property
    def last_month(self) -> datetime.date:
        """The first day of its last month."""
        return add_months(self.start, self.months - 1)

    @property
    def before(self) -> "Period":
        """The run of the same length that ended the month before this one starts."""
        return Period(add_months(self.start, -self.months), self.months)

    @property
    def code(self) -> str:
        """As it stands in addresses: 2020-07--2021-06."""
        return f"{self.start:%Y-%m}--{self.last_month:%Y-%m}"

    @property
    def name(self) -> str:
        """In few words: Q1 FY2021, Jul 2020 or Jul 2020 – Jun 2021."""
        if self.months == QUARTER:
            return quarter(self.start)
        return self.span

    @property
    def span(self) -> str:
        """From which month to which: Jul 2020 – Jun 2021."""
        first, last = date_format(self.start, "M Y"), date_format(self.last_month, "M Y")
        return first if self.months == 1 else f"{first} – {last}"

    def __str__(self) -> str:
        length = ngettext("%(n)d month", "%(n)d months", self.months) % {"n": self.months}
        if self.months == QUARTER:
            return f"{quarter(self.start)} ({self.span})"
        return self.span if self.months == 1 else f"{self.span} ({length})"


@dataclass(frozen=True)
class Edition:
    """One period scored by one methodology: what makes the scorecards of many vendors comparable."""

    period: Period
    methodology_id: int
    methodology: str
    is_default: bool

    @property
    def before(self) -> "Edition":
        """The period before, by the same methodology."""
        return Edition(self.period.before, self.methodology_id, self.methodology, self.is_default)


@dataclass(frozen=True)
class GradeCount:
    """How many scorecards of an edition stand at one grade (none: too little evidence)."""

    grade: int | None
    scorecards: int
    covered: Decimal
    published_at: datetime.datetime


class Editions:
    """All editions that have published scorecards, and the one that a page shows."""

    def __init__(self, editions: Iterable[Edition], wanted: str | None = None) -> None:
        # Latest end first, then the longest, then the state's own methodology.
        self.all = sorted(editions, key=lambda e: (e.period.last_month, e.period.months, e.is_default), reverse=True)
        self.wanted = wanted

    @cached_property
    def by_code(self) -> dict[str, Edition]:
        """Each edition by its name in addresses; the methodology is named where one period has several."""
        named: dict[str, Edition] = {}
        for edition in self.all:
            code = edition.period.code
            named[f"{code}--{edition.methodology_id}" if code in named else code] = edition
        return named

    @cached_property
    def default(self) -> Edition | None:
        """The twelve months that end with the latest published quarter, else the latest published."""
        quarters = [edition for edition in self.all if edition.period.months == QUARTER]
        if quarters:
            end = quarters[0].period.last_month
            for edition in self.all:
                if edition.period.months == YEAR and edition.period.last_month == end:
                    return edition
        return self.all[0] if self.all else None

    @property
    def selected(self) -> Edition | None:
        """The wanted edition where there is such a one, else the default."""
        return self.by_code.get(self.wanted or "", self.default)

    @property
    def code(self) -> str:
        """The selected edition's name in addresses."""
        return next((code for code, edition in self.by_code.items() if edition == self.selected), "")

    @property
    def default_code(self) -> str:
        """The default edition's name in addresses."""
        return next((code for code, edition in self.by_code.items() if edition == self.default), "")

    @property
    def choices(self) -> list[tuple[str, str]]:
        """For a select: name in addresses, words."""
        several = len({edition.methodology_id for edition in self.all}) > 1
        return [
            (code, _("%(period)s · %(methodology)s") % {"period": e.period, "methodology": e.methodology})
            if several
            else (code, str(e.period))
            for code, e in self.by_code.items()
        ]
