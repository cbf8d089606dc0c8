"""What measuring does with many rows at once: folding what is due, and reading outcomes."""

import datetime

from django.db import connection, transaction
from django.utils import timezone

from metrics import fold_sql, outcome_sql
from metrics.models import FoldDue, Methodology
from metrics.scoring import add_months
from metrics.series_sql import create_runs, read_runs

# Keys of PostgreSQL's advisory locks, which all sessions of a database share.
FOLD_LOCK = 0x666F6C64
OUTCOME_LOCK = 0x6F757463

# Sorting and hashing of a whole state in memory. Compiling a plan would outlast most of these statements, and
# remembering what is asked for once only costs.
SET_BASED = "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL enable_memoize = off;"


def last_closed_month() -> datetime.date:
    """Return the first day of the last month that is over, in the state's own time."""
    return add_months(timezone.localdate(), -1)


def fold_due() -> int:
    """Fold the months that are due, tell what changed, and return how many monthly values did (§2).

    One session folds at a time: a slower one could otherwise write an older fold over a newer one.
    """
    if not FoldDue.objects.exists():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SET_BASED)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        cursor.execute(fold_sql.TAKE_MARKS)
        cursor.execute(fold_sql.WRITE_NEW)
        added: int = cursor.rowcount
        cursor.execute(fold_sql.COMPARE)
        cursor.execute(fold_sql.WRITE)
        cursor.execute(fold_sql.COUNT)
        (changed,) = cursor.fetchone()
        return added + int(changed)


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
        cursor.execute(outcome_sql.TAKE_MARKS, parameters)
        cursor.execute(outcome_sql.MEASURES)
        create_runs(cursor)
        cursor.execute(outcome_sql.RUNS, parameters)
        read_runs(cursor)
        cursor.execute(outcome_sql.WRITE, parameters)
        return cursor.rowcount
