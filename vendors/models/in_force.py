"""Spans of days in which rows are in force."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def ends_after_start(name: str) -> models.CheckConstraint:
    """The last day does not lie before the first."""
    return models.CheckConstraint(
        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        name=name,
        violation_error_message=_("The last day cannot lie before the first."),
    )
