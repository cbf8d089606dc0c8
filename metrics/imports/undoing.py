"""Undoing an import as a whole: what it created goes, what it replaced is as it was, or nothing changes at all."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.accounts.models import User
from kernel.jobs.working import JobError, range_task
from kernel.uploads.operations import lock_upload, put_to_work
from metrics.imports import undo_sql
from metrics.imports.importing import SET_BASED
from metrics.models import Import, ImportedMeasurement, Series


def in_the_way(measurement_import: Import, by: User) -> list[str]:
    """Say what keeps `by` from undoing an import; nothing does where the list is empty."""
    if measurement_import.undone_at is not None:
        return [_("It was undone already.")]
    if not measurement_import.is_undoable():
        return [_("It changed no measurement, so there is nothing to undo.")]
    rows = ImportedMeasurement.objects.filter(owner=measurement_import)
    published = rows.scorecards_published_since()
    touched = measurement_import.changed_rows() - rows.intact().count()
    foreign = rows.exclude(measurement__series__in=Series.objects.measurable_by(by).order_by().values("pk")).count()
    reasons = (
        (
            published,
            ngettext(
                "%(n)d scorecard, published since, covers months that it measured.",
                "%(n)d scorecards, published since, cover months that it measured.",
                published,
            ),
        ),
        (
            touched,
            ngettext(
                "%(n)d of its measurements was changed, excluded or sent again since.",
                "%(n)d of its measurements were changed, excluded or sent again since.",
                touched,
            ),
        ),
        (
            foreign,
            ngettext(
                "%(n)d of its measurements is not yours to change any more.",
                "%(n)d of its measurements are not yours to change any more.",
                foreign,
            ),
        ),
    )
    return [text % {"n": count} for count, text in reasons if count]


@transaction.atomic
def start_undo(*, measurement_import: Import, by: User) -> Import:
    """Have an import undone as a whole. Raises ValidationError where something stands in the way."""
    row = lock_upload(measurement_import, by)
    if reasons := in_the_way(row, by):
        raise ValidationError(reasons)
    return put_to_work(row, task=do_undo, title=_("Undo import of %(file)s"), by=by, params={"by": by.pk})


@range_task("metrics.undo_import")
def do_undo(params: dict[str, Any], payload: Any) -> dict[str, int]:
    """Undo an import, by the rule of whoever asked for it. The triggers mark its months due."""
    row = Import.objects.select_for_update(of=("self",)).get(pk=payload)
    by = User.objects.get(pk=params["by"])
    with connection.cursor() as cursor:
        cursor.execute(SET_BASED)
        cursor.execute(undo_sql.TAKE, {"owner": row.pk})
        if reasons := in_the_way(row, by):
            raise JobError(" ".join(reasons))
        cursor.execute(undo_sql.REMOVE)
        removed = cursor.rowcount
        cursor.execute(undo_sql.RESTORE)
        restored = cursor.rowcount
        cursor.execute(undo_sql.PASS_ON, {"owner": row.pk})
    if removed + restored != row.changed_rows():
        raise JobError(_("The history does not hold all of the earlier figures."))
    row.undone_at, row.undone_by = timezone.now(), by
    row.save(update_fields=["undone_at", "undone_by"])
    return {"removed": removed, "restored": restored}
