"""What measuring does: leaving measurements out, folding what is due, and reading outcomes."""

import datetime

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.accounts.models import User
from metrics import fold_sql, outcome_sql
from metrics.models import FoldDue, Measurement, Methodology
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


@transaction.atomic
def exclude_measurement(*, measurement: Measurement, reason: str, by: User) -> None:
    """Leave a measurement out of all figures until it is admitted again; its value stays to be seen."""
    row = _locked(measurement, by)
    if row.excluded_at is not None:
        raise ValidationError(_("It is excluded already: %(reason)s") % {"reason": row.exclusion_reason})
    row.excluded_at, row.excluded_by, row.exclusion_reason = timezone.now(), by, reason
    row.save(update_fields=["excluded_at", "excluded_by", "exclusion_reason"])


@transaction.atomic
def readmit_measurement(*, measurement: Measurement, reason: str, by: User) -> None:
    """Let an excluded measurement take part again; the history keeps why."""
    row = _locked(measurement, by)
    if row.excluded_at is None:
        raise ValidationError(_("It is not excluded."))
    row.excluded_at, row.excluded_by, row.exclusion_reason = None, None, ""
    with pghistory.context(reason=reason):
        row.save(update_fields=["excluded_at", "excluded_by", "exclusion_reason"])


def _locked(measurement: Measurement, by: User) -> Measurement:
    row: Measurement | None = (
        Measurement.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=measurement.pk).first()
    )
    if row is None:
        raise PermissionDenied
    return row
