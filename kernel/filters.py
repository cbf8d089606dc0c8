"""What every list's filters share, in pages and in the API."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ChoiceField, ModelChoiceField, ModelChoiceIterator
from drf_spectacular.utils import extend_schema_field

from kernel.access import ScopedQuerySet, Visitor
from kernel.directory.models import Organization
from kernel.forms import LongSelect, MonthFormField

MONTH_SCHEMA = {"type": "string", "pattern": r"^\d{4}-\d{2}$", "examples": ["2020-07"]}


def describe(item: django_filters.Filter, words: str | Promise, **schema: Any) -> None:
    """Say in the API's description what a filter takes: its label, and these words."""
    label = item.label  # the setter below reads no queryset
    extend_schema_field({**schema, "description": format_lazy("{}: {}", label, words) if label else words})(item)


class SearchFilter(django_filters.CharFilter):
    """Words, each of which at least one of `fields` contains, in any case; `beside`: paths of which a row has many."""

    def __init__(self, *, fields: tuple[str, ...], beside: tuple[str, ...] = (), **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Name or code"))
        super().__init__(**kwargs)
        self.fields = fields
        self.beside = beside
        describe(self, _("words that it contains."), type="string")

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        for word in value.split():
            rules = [Q(**{f"{field}__icontains": word}) for field in self.fields]
            # Subqueries, so that no row comes twice.
            rules += [
                Q(pk__in=qs.model._base_manager.filter(**{f"{path}__icontains": word}).values("pk"))
                for path in self.beside
            ]
            qs = qs.filter(reduce(or_, rules))
        return qs


class CodeFilter(django_filters.ModelChoiceFilter):
    """Another row by its code; one that is invisible answers like one that does not exist."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("to_field_name", "code")
        kwargs.setdefault("empty_label", _("Any"))
        super().__init__(*args, **kwargs)
        key = _("number") if kwargs["to_field_name"] == "number" else _("code")
        describe(self, format_lazy(_("the {} of one that you may see."), key), type="string")


class OfferedChoices(ModelChoiceIterator):
    """A list of choices to pick from, shorter than what is accepted."""

    def __init__(self, field: "OrganizationField") -> None:
        super().__init__(field)
        self.queryset = field.offered

    def __iter__(self) -> Iterator[tuple[str, str | Promise]]:
        # Codes and names alone: there may be thousands.
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.queryset.values_list("code", "name")


class OrganizationField(ModelChoiceField):
    """Accepts any organization of its queryset by code; offers those that `offered` holds."""

    iterator = OfferedChoices
    widget = LongSelect

    def __init__(self, *args: Any, offered: QuerySet[Organization], **kwargs: Any) -> None:
        self.offered = offered
        super().__init__(*args, **kwargs)


class OrganizationFilter(CodeFilter):
    """An organization by its code, as long as the user sees it or a visible row of the list names it.

    `known` has the organization as its primary key: organizations themselves, vendors or agencies. Where the
    list's rows do not name it themselves, `named_by` are the rows between that do, of which the visible ones count.
    Pages offer only organizations that are named.
    """

    field_class = OrganizationField

    def __init__(
        self,
        *args: Any,
        known: ScopedQuerySet | None = None,
        named_by: ScopedQuerySet | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, queryset=Organization.objects.none(), **kwargs)
        self.named_by = named_by
        self.known: ScopedQuerySet = Organization.objects.all() if known is None else known

    def scope_to(self, user: Visitor, rows: QuerySet[Any]) -> None:
        """Take the choices from what `user` sees and from what the visible `rows` name anyway."""
        rows = rows if self.named_by is None else self.named_by.visible_to(user)
        named = Q(pk__in=rows.order_by().values(self.field_name))
        known = Q(pk__in=self.known.visible_to(user).order_by().values("pk"))
        self.queryset = Organization.objects.filter(known | named)
        self.extra["offered"] = Organization.objects.filter(named)


class WholeNumberFilter(django_filters.NumberFilter):
    """A whole number between two others."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, min_value: int, max_value: int, **kwargs: Any) -> None:
        super().__init__(*args, min_value=min_value, max_value=max_value, **kwargs)
        describe(self, _("a whole number."), type="integer", minimum=min_value, maximum=max_value)


class MonthFilter(django_filters.DateFilter):
    """A calendar month, written 2020-07."""

    field_class = MonthFormField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        describe(self, _("a month such as 2020-07."), **MONTH_SCHEMA)


class YesNoField(ChoiceField):
    """Yes or no; anything else is an error, not a no."""

    def clean(self, value: Any) -> bool | None:
        return {"true": True, "false": False}.get(super().clean(value))


class YesNoFilter(django_filters.ChoiceFilter):
    """Yes or no, written true or false."""

    field_class = YesNoField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", _("Any"))
        super().__init__(*args, choices=[("true", _("Yes")), ("false", _("No"))], **kwargs)
        describe(self, _("true or false."), type="boolean")


class InForceFilter(YesNoFilter):
    """Rows with a first and an optional last day: in force today or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("In force today"))
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: bool | None) -> QuerySet[Any]:
        if value is None:
            return qs
        in_force = qs.model._default_manager.in_force().order_by().values("pk")
        return qs.filter(pk__in=in_force) if value else qs.exclude(pk__in=in_force)


class ScopedFilterSet(django_filters.FilterSet):
    """Filters whose choices are what the user may see; without a user there are none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = AnonymousUser() if self.request is None else self.request.user
        for item in self.filters.values():
            if isinstance(item, OrganizationFilter):
                item.scope_to(user, self.queryset)
            elif isinstance(getattr(item, "queryset", None), ScopedQuerySet):
                # django-filter hands its own attribute to the field, whatever `extra` says.
                item.queryset = item.queryset.visible_to(user)
