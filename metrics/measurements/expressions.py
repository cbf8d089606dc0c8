"""Figures read from stored months, as SQL expressions that lists annotate."""

from django.db.models import Case, DecimalField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import NullIf

FIGURE: DecimalField = DecimalField(max_digits=40, decimal_places=9)


def value_of_month(indicator: str) -> Case:
    """The value of one monthly value by its indicator's aggregation (scoring method, §3).

    `indicator` is the lookup from the monthly value to its indicator, such as `series__indicator`.
    """
    ratio = F("numerator") / NullIf(F("denominator"), Value(0, FIGURE))
    aggregation = f"{indicator}__aggregation"
    return Case(
        When(**{aggregation: "mean"}, then=F("total") / F("n")),
        When(**{aggregation: "sum"}, then=F("total")),
        When(**{aggregation: "min"}, then=F("minimum")),
        When(**{aggregation: "max"}, then=F("maximum")),
        When(**{aggregation: "last"}, then=F("last")),
        When(**{aggregation: "ratio", f"{indicator}__unit": "%"}, then=ratio * 100),
        When(**{aggregation: "ratio"}, then=ratio),
        output_field=FIGURE,
    )


def newest(rows: QuerySet, column: str, *, to: str = "pk") -> Subquery:
    """The first row's `column` of `rows` whose series is the outer row's `to`."""
    return Subquery(rows.filter(series=OuterRef(to)).values(column)[:1])
