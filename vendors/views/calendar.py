"""The calendar of contracts: what ends, must be cancelled or is due, and when."""

import datetime
from calendar import Calendar
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.functional import cached_property

from kernel.pages import PlainPage
from metrics.scoring import add_months
from vendors.deadlines import Deadline, deadlines_between
from vendors.filters import ContractCalendarFilterSet
from vendors.models import Contract
from vendors.views.contracts import PARTIES

MONTHS_AHEAD = 12
DEADLINES_SHOWN = 300
SHOWN_PER_DAY = 3
# Weeks begin on Sunday, as calendars in the United States do.
SUNDAY = 6
EARLIEST, LATEST = datetime.date(1900, 1, 1), datetime.date(2200, 12, 1)


@dataclass(frozen=True)
class DayCell:
    """One day of the month view."""

    day: datetime.date
    is_of_month: bool
    is_today: bool
    deadlines: list[Deadline]

    @property
    def shown(self) -> list[Deadline]:
        """As many as fit."""
        return self.deadlines[:SHOWN_PER_DAY]

    @property
    def more(self) -> int:
        """How many do not."""
        return len(self.deadlines) - len(self.shown)


class ContractCalendar(PlainPage):
    """What ends, renews, must be cancelled or is due: a list of the months ahead, or one month as a sheet."""

    open_to = PARTIES
    template_name = "vendors/contract_calendar.html"

    @cached_property
    def month(self) -> datetime.date:
        """The month of `?month=2026-03`; by default the present one."""
        text = self.request.GET.get("month")
        if not text:
            return timezone.localdate().replace(day=1)
        try:
            month = datetime.date.fromisoformat(f"{text[:7]}-01")
        except ValueError:
            raise Http404 from None
        if not EARLIEST <= month <= LATEST:
            raise Http404
        return month

    @property
    def is_sheet(self) -> bool:
        """Whether one month is asked for."""
        return self.request.GET.get("view") == "month"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contracts = Contract.objects.visible_to(self.user)
        chosen = ContractCalendarFilterSet(self.request.GET, queryset=contracts, request=self.request)
        step = 1 if self.is_sheet else MONTHS_AHEAD
        first, after = self.month, add_months(self.month, step)
        last = after - datetime.timedelta(days=1)
        weeks = Calendar(SUNDAY).monthdatescalendar(first.year, first.month)
        span = (weeks[0][0], weeks[-1][-1]) if self.is_sheet else (first, last)
        found = deadlines_between(chosen.qs, *span, self.user)
        shown = {"weeks": sheet(weeks, first, found)} if self.is_sheet else {"months": by_month(found)}
        return super().get_context_data(
            filter=chosen,
            month=first,
            last=last,
            before=add_months(first, -step),
            after=after,
            today=timezone.localdate(),
            is_sheet=self.is_sheet,
            weekdays=[WEEKDAYS[(SUNDAY + index) % 7] for index in range(7)],
            count=len(found),
            left_out=0 if self.is_sheet else max(len(found) - DEADLINES_SHOWN, 0),
            **shown,
            **kwargs,
        )


def by_month(found: list[Deadline]) -> list[tuple[datetime.date, list[Deadline]]]:
    """The deadlines of each month that has any, as many as a page holds."""
    months = groupby(found[:DEADLINES_SHOWN], key=lambda each: each.day.replace(day=1))
    return [(month, list(deadlines)) for month, deadlines in months]


def sheet(weeks: list[list[datetime.date]], month: datetime.date, found: list[Deadline]) -> list[list[DayCell]]:
    """The days of a month's weeks with what falls on each."""
    by_day = {day: list(deadlines) for day, deadlines in groupby(found, key=lambda each: each.day)}
    today = timezone.localdate()
    return [
        [DayCell(day, day.month == month.month, day == today, by_day.get(day, [])) for day in week] for week in weeks
    ]
