"""Folding of measurements into the monthly values that are due."""

from django.db import connection, transaction

from metrics.measurements import folding_sql
from metrics.models import FoldDue

# A key of PostgreSQL's advisory locks, which all sessions of a database share.
FOLD_LOCK = 0x666F6C64

# Sorting and hashing of a whole state in memory. Compiling a plan would outlast most of these statements, and
# remembering what is asked for once only costs.
SET_BASED = "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL enable_memoize = off;"


def fold_due() -> int:
    """Fold the months that are due, tell what changed, and return how many monthly values did (§2).

    One session folds at a time: a slower one could otherwise write an older fold over a newer one.
    """
    if not FoldDue.objects.exists():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SET_BASED)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        cursor.execute(folding_sql.TAKE_MARKS)
        cursor.execute(folding_sql.WRITE_NEW)
        added: int = cursor.rowcount
        cursor.execute(folding_sql.COMPARE)
        cursor.execute(folding_sql.WRITE)
        cursor.execute(folding_sql.COUNT)
        (changed,) = cursor.fetchone()
        return added + int(changed)
