"""Constraints that PostgreSQL holds and Django has no word for."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db.models import F, Func, Q, Value

INCLUSIVE = Value("[]")


def no_overlap(
    name: str,
    *keys: str,
    message: Any,
    first: str = "starts_on",
    last: str = "ends_on",
    condition: Q | None = None,
) -> ExclusionConstraint:
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
    return ExclusionConstraint(
        name=name,
        expressions=[*same, (days, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=message,
    )
