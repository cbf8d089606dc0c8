"""Columns that lists share: sorted as people expect, exported as plain values."""

from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.utils.html import format_html
from django.utils.safestring import SafeString

RIGHT = {"td": {"class": "num"}, "th": {"class": "num"}}


class NameColumn(tables.Column):
    """Text in alphabetical order, whatever its case."""

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        path = str(self.accessor).replace(".", "__")
        name = Lower(path)
        return queryset.order_by(name.desc() if is_descending else name.asc(), "pk"), True


class FigureColumn(tables.Column):
    """A figure, right-aligned; rows without one come last in either order. `text` makes what people read."""

    def __init__(self, *args: Any, text: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", RIGHT)
        kwargs.setdefault("initial_sort_descending", True)
        super().__init__(*args, **kwargs)
        self.text = text

    def render(self, value: Any) -> SafeString | str:
        return self.text(value) if self.text else value

    def value(self, value: Any) -> Any:
        """Files get the exact figure."""
        return value

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        figure = F(str(self.accessor).replace(".", "__"))
        ordered = figure.desc(nulls_last=True) if is_descending else figure.asc(nulls_last=True)
        return queryset.order_by(ordered, "pk"), True


def with_code(name: str, code: str) -> SafeString:
    """The name of a row with its code below."""
    return format_html('{}<span class="sub">{}</span>', name, code)


def in_unit(text: str, unit: str) -> SafeString:
    """A figure with its unit: a sign stands beside it, words stand below."""
    if len(unit) > len("%"):
        return format_html('{}<span class="sub">{}</span>', text, unit)
    return format_html("{}{}", text, unit)
