"""Computation of scorecards: many vendors at once, by hand and when they are due."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from django.utils import timezone

from metrics.measurements.folding import SET_BASED
from metrics.measurements.series_sql import create_runs, read_runs
from metrics.methodologies.scoring import add_months
from metrics.models import Methodology, MonthlyValue
from vendors.models import Scorecard, ScoringDue, ServiceLevel, Vendor
from vendors.querysets.vendors import VendorQuerySet
from vendors.scorecards import sql


@dataclass(frozen=True)
class Computed:
    """What computing did to the scorecards of one period."""

    created: int = 0
    overwritten: int = 0
    removed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class PeriodDue:
    """A run of whole months to be computed with a methodology."""

    period_start: datetime.date
    months: int
    methodology: Methodology


def compute_scorecards(
    *, period_start: datetime.date, months: int, methodology: Methodology, vendors: VendorQuerySet
) -> Computed:
    """Compute the scorecards of `vendors` for one period, by a fixed number of statements (§6, §7).

    The same digest changes nothing; another overwrites the open revision, or starts one as a draft. A vendor
    without a line gets no scorecard. A vendor is computed by one session at a time; who comes second reads
    what the first one wrote.
    """
    with transaction.atomic():
        vendor_ids = lock_vendors(vendors)
        if not vendor_ids:
            return Computed()
        # From its first use on a methodology is immutable, so what is computed with it stays comparable.
        Methodology.objects.filter(pk=methodology.pk, first_used_at=None).update(first_used_at=timezone.now())
        return _compute(period_start, months, methodology, vendor_ids)


def lock_vendors(vendors: VendorQuerySet) -> list[int]:
    """Hold the vendors' rows, always in the same order, until the transaction ends."""
    rows = Vendor.objects.filter(pk__in=vendors.values("pk")).order_by("pk")
    return list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def read_scores(
    cursor: CursorWrapper, period_start: datetime.date, months: int, methodology: Methodology, vendor_ids: list[int]
) -> dict[str, Any]:
    """Score vendors into temporary tables, up to their grades, and return the parameters; nothing is written (§6).

    Inside a transaction, at whose end the tables go.
    """
    parameters: dict[str, Any] = {
        "first_month": period_start,
        "last_month": add_months(period_start, months - 1),
        "months": months,
        "methodology": methodology.pk,
        "vendors": vendor_ids,
        "heading": f"{period_start:%Y-%m}+{months}|{methodology.code}|{methodology.edition}",
    }
    cursor.execute(SET_BASED)
    cursor.execute(sql.LEVELS, parameters)
    cursor.execute(sql.WEIGHTS, parameters)
    create_runs(cursor)
    cursor.execute(sql.RUNS, parameters)
    read_runs(cursor)
    for piece in (sql.LINES, sql.DIMENSIONS):
        cursor.execute(piece)
    cursor.execute(sql.CARDS, parameters)
    return parameters


def _compute(period_start: datetime.date, months: int, methodology: Methodology, vendor_ids: list[int]) -> Computed:
    with connection.cursor() as cursor:
        parameters = read_scores(cursor, period_start, months, methodology, vendor_ids)
        cursor.execute(sql.PLAN, parameters)
        cursor.execute(sql.CLEAR)
        cursor.execute(sql.OVERWRITE)
        cursor.execute(sql.CREATE, parameters)
        cursor.execute(sql.WRITE_DIMENSIONS)
        cursor.execute(sql.WRITE_LINES)
        cursor.execute(sql.COUNT)
        counts = dict(cursor.fetchall())
    written = {"created": "create", "overwritten": "overwrite", "removed": "remove"}
    figures = {name: counts.get(action, 0) for name, action in written.items()}
    return Computed(**figures, unchanged=len(vendor_ids) - sum(figures.values()))


def pull_series_changes() -> int:
    """Mark the vendors whose series changed as due for scoring, and return how many marks that made."""
    with connection.cursor() as cursor:
        cursor.execute(sql.PULL_SERIES_CHANGES)
        return cursor.rowcount


def recompute_due(*, limit: int = 500) -> int:
    """Compute again what is due of up to `limit` vendors, and return how many there were; zero when all is done.

    Every run of months that was ever computed counts, for the vendors whose marks touch it.
    """
    with transaction.atomic():
        due = ScoringDue.objects.order_by("vendor_id").values_list("vendor_id", flat=True).distinct()[:limit]
        # Locked before marks go and scorecards are looked up: a computation under way is then finished and seen.
        vendor_ids = lock_vendors(Vendor.objects.filter(pk__in=list(due)))
        if not vendor_ids:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(sql.TAKE_MARKS, {"vendors": vendor_ids})
            periods = cursor.fetchall()
        methodologies = Methodology.objects.in_bulk({methodology_id for *_, methodology_id, _ in periods})
        for period_start, months, methodology_id, touched in periods:
            _compute(period_start, months, methodologies[methodology_id], touched)
        return len(vendor_ids)


def periods_due() -> list[PeriodDue]:
    """Return the last closed month, quarter and year in which a vendor has data but no scorecard yet.

    Each by the methodology that was, or is, the state's default for it.
    """
    judged = [(start, months, Methodology.objects.for_periods_from(start)) for start, months in last_closed_periods()]
    return [
        PeriodDue(start, months, methodology)
        for start, months, methodology in judged
        if methodology is not None and _lacks_scorecards(start, months, methodology)
    ]


def last_closed_periods(today: datetime.date | None = None) -> list[tuple[datetime.date, int]]:
    """Return first month and length of the last month, fiscal quarter and fiscal year that are over."""
    this_month = (today or timezone.localdate()).replace(day=1)
    into_year = (this_month.month - settings.FISCAL_YEAR_START_MONTH) % 12
    return [
        (add_months(this_month, -1), 1),
        (add_months(this_month, -(into_year % 3) - 3), 3),
        (add_months(this_month, -into_year - 12), 12),
    ]


def _lacks_scorecards(period_start: datetime.date, months: int, methodology: Methodology) -> bool:
    """Whether a service level has data in the period while its vendor has no scorecard for it."""
    measured = MonthlyValue.objects.within(period_start, add_months(period_start, months - 1)).filter(
        series=OuterRef("series"),
        month__gte=OuterRef("first_month"),
        month__lte=Coalesce(OuterRef("last_month"), "month"),
    )
    scored = Scorecard.objects.of_period(period_start, months).filter(
        methodology=methodology, vendor=OuterRef("contract__vendor")
    )
    return ServiceLevel.objects.filter(~Exists(scored), Exists(measured)).exists()
