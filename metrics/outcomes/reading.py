"""Readings of outcomes that are due."""

import datetime

from django.db import connection, transaction
from django.utils import timezone

from metrics.measurements.folding import SET_BASED
from metrics.measurements.series_sql import create_runs, read_runs
from metrics.methodologies.scoring import add_months
from metrics.models import Methodology
from metrics.outcomes import sql

# A key of PostgreSQL's advisory locks, which all sessions of a database share.
OUTCOME_LOCK = 0x6F757463


def last_closed_month() -> datetime.date:
    """Return the first day of the last month that is over, in the state's own time."""
    return add_months(timezone.localdate(), -1)


def refresh_outcome_readings() -> int:
    """Read again the outcomes that are due or were never read, and return how many readings changed (§8).

    Without a default methodology nothing can be judged, and the marks stay.
    """
    methodology = Methodology.objects.filter(is_default=True).first()
    if methodology is None:
        return 0
    parameters = {"last_closed": last_closed_month(), "score_at_target": methodology.score_at_target}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SET_BASED)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OUTCOME_LOCK])
        cursor.execute(sql.TAKE_MARKS, parameters)
        cursor.execute(sql.MEASURES)
        create_runs(cursor)
        cursor.execute(sql.RUNS, parameters)
        read_runs(cursor)
        cursor.execute(sql.WRITE, parameters)
        return cursor.rowcount
