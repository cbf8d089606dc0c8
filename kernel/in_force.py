"""Rows in force on a day: from a first day on through an optional last one, asked by one expression everywhere.

Lists, counts, access rules, reminders, feeds and the API use it, for rows of months alike.
"""

import datetime
from typing import Any, ClassVar, Self

from django.db.models import BooleanField, CheckConstraint, ExpressionWrapper, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.access import ScopedQuerySet

FIRST, LAST = "starts_on", "ends_on"


def in_force(day: datetime.date | None = None, *, at: str = "", first: str = FIRST, last: str = LAST) -> Q:
    """Rows in force on a day, by default today in the state's time zone; `at`: the relation that leads to them."""
    path = f"{at}__" if at else ""
    day = day or timezone.localdate()
    has_begun = Q(**{f"{path}{first}__lte": day})
    return has_begun & (Q(**{f"{path}{last}__isnull": True}) | Q(**{f"{path}{last}__gte": day}))


def is_in_force(first: datetime.date, last: datetime.date | None, day: datetime.date | None = None) -> bool:
    """The same of one row that is at hand."""
    day = day or timezone.localdate()
    return first <= day and (last is None or last >= day)


def ends_after_start(
    name: str,
    *,
    first: str = FIRST,
    last: str = LAST,
    message: Any = None,
) -> CheckConstraint:
    """The last day does not lie before the first."""
    return CheckConstraint(
        condition=Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": F(first)}),
        name=name,
        violation_error_message=message or _("The last day cannot lie before the first."),
    )


class InForceQuerySet(ScopedQuerySet):
    """Rows with a first and an optional last day, or month."""

    first_day: ClassVar[str] = FIRST
    last_day: ClassVar[str] = LAST
    # Whether both are months: any day of the last one counts.
    by_month: ClassVar[bool] = False

    def in_force(self, on: datetime.date | None = None) -> Self:
        """Rows in force on a day, by default today."""
        return self.filter(self.in_force_rule(on))

    def with_in_force(self) -> Self:
        """Rows that say whether they are in force today, as `holds`."""
        return self.annotate(holds=ExpressionWrapper(self.in_force_rule(None), BooleanField()))

    def lasting_beyond(self, day: datetime.date) -> Self:
        """Rows that are not over by the end of a day, begun or not."""
        return self.filter(Q(**{f"{self.last_day}__isnull": True}) | Q(**{f"{self.last_day}__gt": day}))

    def in_force_rule(self, on: datetime.date | None) -> Q:
        """What in force means of these rows, for lists and for what each row says of itself."""
        day = on or timezone.localdate()
        return in_force(day.replace(day=1) if self.by_month else day, first=self.first_day, last=self.last_day)
