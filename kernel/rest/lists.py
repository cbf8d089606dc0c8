"""How lists are filtered, ordered and cut into pages; a parameter that cannot be followed is an error."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import pagination
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from kernel.filters import YesNoField
from kernel.forms import MonthFormField
from kernel.rest.problems import FieldError, InvalidParameters

PAGE, PAGE_SIZE, ORDERING, AFTER = "page", "page_size", "ordering", "after"
ROWS, MOST_ROWS = 50, 500


def given(request: Request, name: str) -> str | None:
    """A query parameter as it was sent."""
    return request.query_params.get(name)


def invalid(field: str, message: str | Promise, expected: str) -> FieldError:
    """What is wrong with a parameter, and what was expected."""
    return {"field": field, "message": str(message), "code": "invalid", "expected": expected}


def expected_by(field: forms.Field) -> str:
    """What a filter takes, in words."""
    match field:
        case YesNoField():
            return _("true or false")
        case forms.ModelChoiceField():
            return _("the code of something that exists and that you may see")
        case forms.ChoiceField():
            choices: Iterable[tuple[Any, Any]] = field.choices  # type: ignore[assignment]  # normalized by Django
            return _("one of: %(choices)s") % {"choices": ", ".join(str(key) for key, label in choices if key)}
        case MonthFormField():
            return _("a month such as 2020-07")
        case forms.DateField():
            return _("a day such as 2020-07-31")
        case forms.IntegerField(min_value=int(least), max_value=int(most)):
            return _("a whole number from %(least)s to %(most)s") % {"least": least, "most": most}
        case forms.DecimalField():
            return _("a number")
    return _("text")


class FilterBackend(DjangoFilterBackend):
    """The list's FilterSet, strictly: unknown, repeated, empty and invalid parameters are errors."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        turning = PAGE if isinstance(view.paginator, PageNumberPagination) else AFTER
        errors = [*misplaced(request, {*filterset.filters, turning, PAGE_SIZE, ORDERING}), *refused(filterset.form)]
        if errors:
            raise InvalidParameters(errors)
        return filterset.qs


def misplaced(request: Request, known: set[str]) -> list[FieldError]:
    """Parameters that nothing reads, that come twice, or that say nothing."""
    expected = _("one of: %(choices)s") % {"choices": ", ".join(sorted(known))}
    errors = []
    for name, values in request.query_params.lists():
        if name not in known:
            errors.append(invalid(name, _("There is no such parameter here."), expected))
        elif len(values) > 1:
            errors.append(invalid(name, _("Give this parameter once."), _("one value")))
        elif not values[0].strip():
            errors.append(invalid(name, _("Give a value, or leave the parameter out."), _("a value")))
    return errors


def refused(form: forms.BaseForm) -> list[FieldError]:
    """Parameters whose value cannot be read."""
    return [
        invalid(name, message, expected_by(form.fields[name]))
        for name, messages in form.errors.items()
        for message in map(str, messages)
    ]


def asked(request: Request, form_class: type[forms.Form]) -> dict[str, Any]:
    """What the query of a view that is no list says. Raises InvalidParameters."""
    form = form_class(request.query_params)
    errors = [*misplaced(request, set(form.fields)), *refused(form)]
    if errors:
        raise InvalidParameters(errors)
    return form.cleaned_data


class OrderingBackend(BaseFilterBackend):
    """`?ordering=name,-code` by the view's `ordering_fields`; every order is made complete by the key."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        wanted = given(request, ORDERING)
        if not wanted:
            return queryset.order_by(*(queryset.query.order_by or queryset.model._meta.ordering), "pk")
        return queryset.order_by(*(self.term(view, name.strip()) for name in wanted.split(",")), "pk")

    def term(self, view: Any, name: str) -> Any:
        """The SQL to order by for one name."""
        fields: dict[str, str | Combinable] = view.ordering_fields
        field = fields.get(name.removeprefix("-"))
        if field is None:
            expected = _("one of: %(choices)s; a hyphen before it reverses the order")
            message = _("The list cannot be ordered by this.")
            raise InvalidParameters([invalid(ORDERING, message, expected % {"choices": ", ".join(fields)})])
        expression: Any = F(field) if isinstance(field, str) else field
        return expression.desc(nulls_last=True) if name.startswith("-") else expression.asc(nulls_last=True)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = [f"{sign}{name}" for name in view.ordering_fields for sign in ("", "-")]
        pattern = f"^({'|'.join(names)})(,({'|'.join(names)}))*$"
        return [
            {
                "name": ORDERING,
                "required": False,
                "in": "query",
                "description": f"Order by one or more of: {', '.join(view.ordering_fields)}; "
                "separated by commas, a hyphen before a name reverses it.",
                "schema": {"type": "string", "pattern": pattern},
            }
        ]


def page_size(request: Request) -> int:
    """How many rows a page has."""
    return whole_number(request, PAGE_SIZE, default=ROWS, most=MOST_ROWS)


def page_size_parameter() -> dict[str, Any]:
    """How `page_size` is described."""
    return {
        "name": PAGE_SIZE,
        "required": False,
        "in": "query",
        "description": "How many rows a page has.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": ROWS},
    }


def whole_number(request: Request, name: str, *, default: int, most: int | None) -> int:
    """A parameter that counts from 1."""
    text = given(request, name)
    if text is None:
        return default
    if text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= (most or int(text)):
        return int(text)
    limit = _("a whole number from 1") if most is None else _("a whole number from 1 to %(most)s") % {"most": most}
    raise InvalidParameters([invalid(name, _("This is not a number that can be used here."), limit)])


class PageNumberPagination(pagination.PageNumberPagination):
    """Pages of 50 rows, or of as many as `page_size` says up to 500."""

    page_size = ROWS
    max_page_size = MOST_ROWS
    page_size_query_param = PAGE_SIZE
    last_page_strings = ()
    template = None

    def get_page_number(self, request: Request, paginator: Any) -> int:
        return whole_number(request, PAGE, default=1, most=None)

    def get_page_size(self, request: Request) -> int:
        return page_size(request)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": PAGE,
                "required": False,
                "in": "query",
                "description": "Which page, from 1.",
                "schema": {"type": "integer", "minimum": 1, "default": 1},
            },
            page_size_parameter(),
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "How many rows there are in all.", "examples": [24]},
                "next": {**link, "description": "Where the next page is; null on the last."},
                "previous": {**link, "description": "Where the page before is; null on the first."},
                "results": schema,
            },
        }
