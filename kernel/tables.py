"""Tables of lists and their columns: each names a value, which files get as it is, and a page draws it.

What a column's or a table's own `render` draws is for pages alone. Where people read a value in other words,
as the state of a row, the column's accessor names these words.
"""

import datetime
from collections.abc import Callable
from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.templatetags import ui

RIGHT = {"td": {"class": "num"}, "th": {"class": "num"}}
UNBROKEN = {"td": {"class": "nowrap"}, "th": {"class": "nowrap"}}
YES, NO = _("yes"), _("no")

Order = tuple[QuerySet[Any], bool]


class Table(tables.Table):
    """A table of which files get the values, whatever pages draw."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for bound in self.columns.iterall():
            bound.value = bound.column.value


class Column(tables.Column):
    """A value as it is."""

    @property
    def path(self) -> str:
        """Where the database finds what rows are ordered by."""
        return str(self.order_by[0] if self.order_by else self.accessor)

    def value(self, value: Any, record: Any) -> Any:
        """What files get."""
        return value


class NameColumn(Column):
    """Text in alphabetical order, whatever its case; `code` names the row's code, which stands below it."""

    def __init__(self, *args: Any, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = tables.A(code) if code else None

    def render(self, value: Any, record: Any, table: tables.Table) -> SafeString | str:
        return str(value) if self.code is None else with_code(value, self.code.resolve(record))

    def value(self, value: Any, record: Any) -> str:
        return str(value)

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> Order:
        name = Lower(self.path)
        return queryset.order_by(name.desc() if is_descending else name.asc(), "pk"), True


class OrganizationColumn(NameColumn):
    """An organization's name, with the link that `link` gives it where the reader may see its page."""

    def __init__(self, *args: Any, link: Callable[[HttpRequest, Any], SafeString], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.link_of = link

    def render(self, value: Any, record: Any, table: tables.Table) -> SafeString:
        return self.link_of(table.request, value)

    def value(self, value: Any, record: Any) -> str:
        return str(value.name)

    @property
    def path(self) -> str:
        return f"{super().path}__name"


class FigureColumn(Column):
    """A figure, right-aligned; rows without one come last in either order. `text` makes what people read."""

    def __init__(self, *args: Any, text: Callable[[Any], Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", RIGHT)
        kwargs.setdefault("initial_sort_descending", True)
        super().__init__(*args, **kwargs)
        self.text = text

    def render(self, value: Any, record: Any, table: tables.Table) -> SafeString | str:
        return self.text(value) if self.text else value

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> Order:
        figure = F(self.path)
        ordered = figure.desc(nulls_last=True) if is_descending else figure.asc(nulls_last=True)
        return queryset.order_by(ordered, "pk"), True


class MoneyColumn(FigureColumn):
    """An amount, short, in the currency that `currency` names in the row, else in the state's."""

    def __init__(self, *args: Any, currency: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = tables.A(currency) if currency else None

    def render(self, value: Any, record: Any, table: tables.Table) -> SafeString | str:
        return ui.money(value, self.currency.resolve(record) if self.currency else "")


class TrendColumn(FigureColumn):
    """A difference of scores."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_values", ())
        super().__init__(*args, **kwargs)

    def render(self, value: Any, record: Any, table: tables.Table) -> SafeString:
        return ui.trend(value)


class CoverageColumn(FigureColumn):
    """How much of the evidence was there, as a bar; `minimum` gives what a row's method asks for."""

    def __init__(self, *args: Any, minimum: Callable[[Any, Any], Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {})
        super().__init__(*args, **kwargs)
        self.minimum = minimum

    def render(self, value: Any, record: Any, table: tables.Table) -> SafeString:
        return coverage_bar(value, self.minimum(table, record) if self.minimum else None)


class DateColumn(Column):
    """A day."""

    def __init__(self, *args: Any, format: str = "SHORT_DATE_FORMAT", **kwargs: Any) -> None:
        kwargs.setdefault("attrs", UNBROKEN)
        super().__init__(*args, **kwargs)
        self.format = format

    def render(self, value: datetime.date) -> str:
        return date_format(value, self.format)


class TimeColumn(Column):
    """A day and the time of it, where the state is."""

    def __init__(self, *args: Any, format: str = "M j, Y, P", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.format = format

    def render(self, value: datetime.datetime) -> str:
        return date_format(timezone.localtime(value), self.format)

    def value(self, value: datetime.datetime, record: Any) -> datetime.datetime:
        """Spreadsheets know no time zones."""
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)


class FlagColumn(Column):
    """Yes or no, in words."""

    def __init__(self, *args: Any, yes: Any = YES, no: Any = NO, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = {True: yes, False: no}

    def render(self, value: bool) -> str:
        return str(self.words[value])

    def value(self, value: bool, record: Any) -> str:
        return str(YES if value else NO)


class WordsColumn(Column):
    """Several words in a row: `each` leads to them from what the row holds, and a page may show but a few."""

    def __init__(
        self, *args: Any, each: str = "", separator: str = ", ", few: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, orderable=False, **kwargs)
        self.each, self.separator, self.few = tables.A(each), separator, few

    def words(self, value: Any) -> list[str]:
        return [str(self.each.resolve(one)) for one in value]

    def render(self, value: Any) -> str:
        words = self.words(value)
        shown = self.separator.join(words[: self.few])
        if self.few is None or len(words) <= self.few:
            return shown
        return _now("%(names)s and %(more)d more") % {"names": shown, "more": len(words) - self.few}

    def value(self, value: Any, record: Any) -> str:
        return self.separator.join(self.words(value))


class DrawnColumn(tables.TemplateColumn):
    """A value whose cell a template draws."""

    def value(self, value: Any, record: Any) -> Any:
        return value


class ActionColumn(Column):
    """Something to do with a row; it is in no file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"accessor": "pk", "orderable": False, "exclude_from_export": True, **kwargs}
        super().__init__(*args, **kwargs)


def coverage_bar(value: Any, minimum: Any = None) -> SafeString:
    """A share of the evidence as a bar."""
    return render_to_string("ui/bar.html", ui.coverage_bar(value, minimum))


def with_code(name: str, code: str) -> SafeString:
    """The name of a row with its code below."""
    return format_html('{}<span class="sub">{}</span>', name, code)


def in_unit(text: str, unit: str) -> SafeString:
    """A figure with its unit: a sign stands beside it, words stand below."""
    if len(unit) > len("%"):
        return format_html('{}<span class="sub">{}</span>', text, unit)
    return format_html("{}{}", text, unit)
