"""Pages of big lists: each begins after the last row of the one before, as fast at their end as at their beginning."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.core import signing
from django.db.models import F, Func, Model, OrderBy, Q, QuerySet, TextField, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.translation import gettext as _
from rest_framework import pagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from kernel.paging import MOST_COUNTED, count_capped
from kernel.rest.lists import AFTER, ORDERING, given, invalid, page_size, page_size_parameter
from kernel.rest.problems import InvalidParameters


@dataclass(frozen=True)
class Term:
    """One part of a list's order, by the name under which a row carries its value; absent values come last."""

    name: str
    expression: Any
    descending: bool
    is_plain: bool

    def value_of(self, row: Any) -> Any:
        """What a row has there."""
        for part in self.name.split("__"):
            row = getattr(row, part)
        return row

    def beyond(self, value: Any) -> Q:
        """Rows that come after those with `value` here."""
        if value is None:
            return Q(pk__in=[])
        later = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        return later if self.is_plain else later | Q(**{f"{self.name}__isnull": True})

    def equal(self, value: Any) -> Q:
        """Rows with `value` here."""
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


class KeysetPagination(pagination.BasePagination):
    """Pages of 50 rows, or of as many as `page_size` says up to 500; `next` leads on, with `after` naming a row."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        size = page_size(request)
        self.count, _is_capped = count_capped(queryset)
        terms = terms_of(queryset)
        rows = queryset.annotate(**{term.name: term.expression for term in terms if term.expression is not None})
        cursor, ordering = given(request, AFTER), given(request, ORDERING) or ""
        if cursor is not None:
            rows = rows.filter(coming_after(terms, read_cursor(cursor, view.resource, ordering)))
        found = list(rows[: size + 1])
        self.next = None
        if len(found) > size:
            last = [term.value_of(found[size - 1]) for term in terms]
            self.next = replace_query_param(
                request.build_absolute_uri(), AFTER, make_cursor(view.resource, ordering, last)
            )
        return found[:size]

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"count": self.count, "next": self.next, "results": data})

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        words = "Where the page begins: `next` of the page before holds it. It goes with one order only."
        begins = {"name": AFTER, "required": False, "in": "query", "description": words, "schema": {"type": "string"}}
        return [begins, page_size_parameter()]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        words = f"How many rows there are in all, counted up to {MOST_COUNTED:,}."
        return {
            "type": "object",
            "required": ["count", "next", "results"],
            "properties": {
                "count": {"type": "integer", "maximum": MOST_COUNTED, "description": words, "examples": [24]},
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "Where the next page is; null on the last.",
                },
                "results": schema,
            },
        }


class Exactly(signing.JSONSerializer):
    """Days, times to the microsecond and figures as PostgreSQL reads them."""

    def dumps(self, obj: Any) -> bytes:
        return json.dumps(obj, separators=(",", ":"), default=str).encode()


def make_cursor(resource: str, ordering: str, values: Sequence[Any]) -> str:
    """Name the row with these values; signed, so that only what was given out comes back."""
    return signing.dumps([ordering, *values], salt=resource, serializer=Exactly)


def read_cursor(cursor: str, resource: str, ordering: str) -> list[Any]:
    """The values of the row that a cursor names. Raises InvalidParameters."""
    expected = _("what `next` of the page before holds, with the same order")
    try:
        made_for, *values = signing.loads(cursor, salt=resource, serializer=Exactly)
    except signing.BadSignature:
        raise InvalidParameters([invalid(AFTER, _("This names no row."), expected)]) from None
    if made_for != ordering:
        raise InvalidParameters([invalid(AFTER, _("This goes with another order."), expected)])
    return values


def terms_of(rows: QuerySet[Any]) -> list[Term]:
    """The order of a list, part by part; its last part tells every row from every other."""
    return [term_of(rows.model, part, number) for number, part in enumerate(rows.query.order_by)]


def term_of(model: type[Model], part: Any, number: int) -> Term:
    """One part of an order, which Django keeps as a name or as an expression."""
    if isinstance(part, str):
        name = part.removeprefix("-")
        return Term(name, None, part.startswith("-"), is_plain=is_plain(model, name))
    expression: Any = part.expression if isinstance(part, OrderBy) else part
    descending = isinstance(part, OrderBy) and part.descending
    if isinstance(expression, F):
        name = str(expression.name)  # type: ignore[attr-defined]  # the stubs do not know it
        return Term(name, None, descending, is_plain=is_plain(model, name))
    return Term(f"order_{number}", expression, descending, is_plain=False)


def is_plain(model: type[Model], path: str) -> bool:
    """Whether a path leads to a column that always holds a value."""
    for name in path.split("__"):
        if name == "pk":
            return True
        names = {each.attname: each for each in model._meta.concrete_fields}
        field: Any = names.get(name) or next((each for each in names.values() if each.name == name), None)
        if field is None or field.null:
            return False
        model = field.related_model or model
    return True


def coming_after(terms: Sequence[Term], values: Sequence[Any]) -> Any:
    """The rows that come after the one with these values.

    Columns that all go one way are compared as rows, which an index follows; others one after the other.
    """
    directions = {term.descending for term in terms}
    if len(directions) == 1 and all(term.is_plain for term in terms):
        compares = LessThan if directions.pop() else GreaterThan
        return compares(as_row([F(term.name) for term in terms]), as_row([Value(value) for value in values]))
    steps = []
    for number, (term, value) in enumerate(zip(terms, values, strict=True)):
        same = [earlier.equal(known) for earlier, known in zip(terms[:number], values[:number], strict=True)]
        steps.append(reduce(and_, [*same, term.beyond(value)]))
    return reduce(or_, steps)


def as_row(parts: Sequence[Any]) -> Func:
    """Several values compared as one."""
    return Func(*parts, function="ROW", output_field=TextField())
