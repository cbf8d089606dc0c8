"""Terms of contracts: cancelled and renewed in days and whole months; no clock is read."""

import datetime
from calendar import monthrange

from django.db import models
from django.db.models import Case, DateField, F, Func, IntegerField, Value, When
from django.utils.translation import gettext_lazy as _


class NoticeUnit(models.TextChoices):
    """In what a notice period is counted."""

    DAYS = "days", _("days")
    MONTHS = "months", _("months")


def notice_day(ends_on: datetime.date, period: int, unit: str) -> datetime.date:
    """The last day on which a contract can be cancelled: its notice period counted back from its end.

    Months go back to the same day, or to the last day of a month that has no such day; never before the year 1.
    """
    if unit == NoticeUnit.DAYS:
        return datetime.date.fromordinal(max(ends_on.toordinal() - period, 1))
    count = _month_number(ends_on) - period
    if count < _month_number(datetime.date.min):
        return datetime.date.min
    return _on_day(count, ends_on.day)


def renewed_end(ends_on: datetime.date, months: int) -> datetime.date:
    """When a contract ends that is renewed for some whole months from the day after its end.

    The last day lies before the one that is called like the first: from March 1 a year lasts to the end of February,
    in leap years to the 29th. Where a month has no such day, to its end. Never after the calendar ends.
    """
    if ends_on == datetime.date.max:
        return ends_on
    begins = ends_on + datetime.timedelta(days=1)
    count = _month_number(begins) + months
    if count > _month_number(datetime.date.max):
        return datetime.date.max
    same_day = _on_day(count, begins.day)
    return same_day if same_day.day < begins.day else same_day - datetime.timedelta(days=1)


def _month_number(day: datetime.date) -> int:
    """How many months lie before a day's own since the year 0."""
    return day.year * 12 + day.month - 1


def _on_day(month_number: int, day: int) -> datetime.date:
    """A day of a month, or the month's last day where it is shorter."""
    year, index = divmod(month_number, 12)
    return datetime.date(year, index + 1, min(day, monthrange(year, index + 1)[1]))


class CancelBy(Func):
    """`notice_day` of a contract by its columns, in SQL; none where no end or no notice period was agreed."""

    template = "(%(expressions)s)::date"
    arg_joiner = " - "
    output_field = DateField()

    def __init__(self) -> None:
        months, days = (
            Case(When(notice_unit=unit, then=F("notice_period")), default=Value(0), output_field=IntegerField())
            for unit in (NoticeUnit.MONTHS, NoticeUnit.DAYS)
        )
        super().__init__("ends_on", Func(Value(0), months, Value(0), days, function="make_interval"))
