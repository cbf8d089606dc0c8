"""Access rules and domain words of outcomes and their readings."""

import datetime
from typing import Self

from django.db.models import DecimalField, F, FilteredRelation, Max, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from kernel.access import PartQuerySet, ScopedQuerySet, Unwritten


def year_before(month: datetime.date) -> datetime.date:
    """The same month a year earlier."""
    return month.replace(year=month.year - 1)


class OutcomeQuerySet(ScopedQuerySet):
    """Outcomes belong to the agency they are for."""

    agency_paths = ("organization",)

    def with_standing(self, month: datetime.date | None) -> Self:
        """Each outcome as it stood at the end of `month`, and a year of twelve months before."""
        earlier = Q(readings__month=month and year_before(month)) & ~Q(readings__status="no_data")
        rows = self.annotate(
            reading=FilteredRelation("readings", condition=Q(readings__month=month)),
            earlier=FilteredRelation("readings", condition=earlier),
        )
        return rows.annotate(
            status=Coalesce("reading__status", Value("no_data")),
            attainment=F("reading__attainment"),
            coverage=Coalesce("reading__coverage", Value(0, DecimalField())),
            attainment_before=F("earlier__attainment"),
        ).annotate(change=F("attainment") - F("attainment_before"))

    def latest_month(self) -> datetime.date | None:
        """The latest closed month in which a series of any of these outcomes was measured.

        Later readings exist, for a measurement counts for twelve months, but they judge by what is missing.
        """
        closed = timezone.localdate().replace(day=1)
        measured = Max(
            "measures__series__monthly_values__month", filter=Q(measures__series__monthly_values__month__lt=closed)
        )
        month: datetime.date | None = self.aggregate(month=measured)["month"]
        return month


class OutcomeSeriesQuerySet(PartQuerySet):
    """Which series measure an outcome."""

    whole = "outcome"


class OutcomeReadingQuerySet(Unwritten, PartQuerySet):
    """Where outcomes stood at the end of each month."""

    whole = "outcome"
