"""Constraints that PostgreSQL holds and Django has no word for, and its refusals in words."""

import re
from typing import Any

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import DataError, IntegrityError, transaction
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

INCLUSIVE = Value("[]")


class NoOverlap(ExclusionConstraint):
    """An exclusion whose ranges may be written the wrong way round in a row that was not saved yet."""

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Refuse a row that overlaps; PostgreSQL makes no range of days in the wrong order: a check refuses these."""
        try:
            with transaction.atomic():
                super().validate(*args, **kwargs)
        except DataError:
            return

    def deconstruct(self) -> Any:
        """As migrations know it: what differs is how rows are looked at before they are saved."""
        _path, args, kwargs = super().deconstruct()
        return f"{ExclusionConstraint.__module__}.{ExclusionConstraint.__name__}", args, kwargs


def no_overlap(
    name: str,
    *keys: str,
    message: Any,
    first: str = "starts_on",
    last: str = "ends_on",
    condition: Q | None = None,
) -> NoOverlap:
    """Two rows with the same foreign keys may not be in force on the same day.

    The keys are ranges of one number each: ranges have a GiST class in every PostgreSQL, plain
    numbers only with an extension.
    """
    same: list[Any] = [
        (
            Func(F(key), F(key), INCLUSIVE, function="int8range", output_field=BigIntegerRangeField()),
            RangeOperators.OVERLAPS,
        )
        for key in keys
    ]
    days = Func(F(first), F(last), INCLUSIVE, function="daterange", output_field=DateRangeField())
    return NoOverlap(
        name=name,
        expressions=[*same, (days, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=message,
    )


def explain(error: IntegrityError) -> str:
    """The database's refusal in words: the constraint's own, or what one of our triggers says."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.get_violation_error_message())
    taken = re.match(r"Key \((\w+)\)=", getattr(diagnosis, "message_detail", None) or "")
    if isinstance(error.__cause__, UniqueViolation) and taken is not None:
        return _("This %(column)s is taken already. Choose another.") % {"column": taken[1]}
    return str(getattr(diagnosis, "message_primary", None) or error)
