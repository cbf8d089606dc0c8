"""SQL expressions that lists annotate, so that a page needs one statement for all its rows."""

from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DateField,
    Expression,
    F,
    FloatField,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce


class Median(Aggregate):
    """The middle value."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


class MonthsEarlier(Func):
    """A date some months earlier."""

    template = "(%(expressions)s)::date"
    arg_joiner = " - "
    output_field = DateField()

    def __init__(self, day: Any, months: Any) -> None:
        super().__init__(day, Func(months, template="make_interval(months => (%(expressions)s)::int)"))


def counted(rows: QuerySet[Any], owner: str) -> Coalesce:
    """How many of `rows` belong to the outer row, which their field `owner` names."""
    return Coalesce(Subquery(_per_owner(rows, owner).annotate(count=Count("*")).values("count")), 0)


def summed(rows: QuerySet[Any], owner: str, figure: str | Expression) -> Subquery:
    """The sum of `figure` over those of `rows` that belong to the outer row; none where there is no figure."""
    expression = F(figure) if isinstance(figure, str) else figure
    return Subquery(_per_owner(rows, owner).annotate(sum=Sum(expression)).values("sum"))


def _per_owner(rows: QuerySet[Any], owner: str) -> Any:
    return rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
