"""Measurements left out of all figures, and admitted again."""

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.accounts.models import User
from metrics.models import Measurement


@transaction.atomic
def exclude_measurement(*, measurement: Measurement, reason: str, by: User) -> None:
    """Leave a measurement out of all figures until it is admitted again; its value stays to be seen."""
    row = _locked(measurement, by)
    _require_reason(reason)
    if row.excluded_at is not None:
        raise ValidationError(_("It is excluded already: %(reason)s") % {"reason": row.exclusion_reason})
    row.excluded_at, row.excluded_by, row.exclusion_reason = timezone.now(), by, reason
    row.save(update_fields=["excluded_at", "excluded_by", "exclusion_reason"])


@transaction.atomic
def readmit_measurement(*, measurement: Measurement, reason: str, by: User) -> None:
    """Let an excluded measurement take part again; the history keeps why."""
    row = _locked(measurement, by)
    _require_reason(reason)
    if row.excluded_at is None:
        raise ValidationError(_("It is not excluded."))
    row.excluded_at, row.excluded_by, row.exclusion_reason = None, None, ""
    with pghistory.context(reason=reason):
        row.save(update_fields=["excluded_at", "excluded_by", "exclusion_reason"])


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: everyone who sees the measurement may ask later.")})


def _locked(measurement: Measurement, by: User) -> Measurement:
    row: Measurement | None = (
        Measurement.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=measurement.pk).first()
    )
    if row is None:
        raise PermissionDenied
    return row
