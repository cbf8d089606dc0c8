"""What every form shares: choices by the access rule, and a version against lost updates."""

from collections.abc import Iterable
from functools import cache
from typing import Any, cast

from django import forms
from django.db import models
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor, ScopedQuerySet
from kernel.editing import MonthField, Versioned, key_path, own_fields, validate_month_start

SELECTED = ("", mark_safe(" selected"))


class MonthInput(forms.DateInput):
    """A month picker; browsers without one show a text field that takes 2020-07."""

    input_type = "month"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"placeholder": "2020-07", **(attrs or {})}, format="%Y-%m")


class MonthFormField(forms.DateField):
    """A calendar month, written 2020-07, kept as its first day."""

    widget = MonthInput
    input_formats = ("%Y-%m", "%Y-%m-%d")
    default_validators = [validate_month_start]


def written(choices: Iterable[tuple[Any, Any]], chosen: set[str]) -> SafeString:
    """The options of a list of choices; choices that have choices of their own are groups."""
    parts = [
        format_html('<optgroup label="{}">\n{}\n</optgroup>', key, written(label, chosen))
        if isinstance(label, list | tuple)
        else format_html('<option value="{}"{}>{}</option>', key, SELECTED[str(key) in chosen], label)
        for key, label in choices
    ]
    return mark_safe("\n".join(parts))  # each of them is escaped


class LongSelect(forms.Select):
    """Any number of choices, written at once: a template would take milliseconds for every hundred."""

    template_name = "forms/widgets/long_select.html"

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        return []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        choices = list(self.choices)
        context["widget"] |= {
            "options": written(choices, set(context["widget"]["value"])),
            "count": sum(len(label) if isinstance(label, list | tuple) else 1 for _key, label in choices),
            "first": choices[0][1] if choices else "",
        }
        return context


def form_field(field: models.Field, **kwargs: Any) -> forms.Field | None:
    """The form field of a model field: pickers for days and months."""
    if isinstance(field, MonthField):
        return MonthFormField(required=not field.blank, label=capfirst(field.verbose_name), help_text=field.help_text)
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    if isinstance(field, models.URLField):
        kwargs.setdefault("assume_scheme", "https")
    return field.formfield(**kwargs)


def name_nothing(field: forms.Field) -> None:
    """Say in a list of choices what choosing none means, in place of Django's dashes."""
    words = _("Choose one") if field.required else _("None")
    dashes = BLANK_CHOICE_DASH[0]
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == dashes[1]:
            field.empty_label = words
    elif isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        field.choices = [("", words) if choice == dashes else choice for choice in choices]


def with_names(rows: ScopedQuerySet) -> ScopedQuerySet:
    """Rows with what they are called by: a profile goes by the name of its organization."""
    hops = key_path(rows.model)[1] if issubclass(rows.model, Versioned) else ()
    return rows.select_related("__".join(hops)) if hops else rows


class ScopedModelForm(forms.ModelForm):
    """A form whose choices are what the user may see; an invisible row answers like an unknown one.

    It shows what people write of a row, unless its `Meta` says otherwise.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        meta: Any = getattr(cls, "Meta", None)
        if meta is None:
            return
        if not hasattr(meta, "fields"):
            meta.fields = own_fields(meta.model)
        if not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = form_field

    def __init__(self, *args: Any, user: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if self.instance.pk is not None and hasattr(self.instance, "version"):
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=self.instance.version)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and isinstance(field.queryset, ScopedQuerySet):
                field.queryset = with_names(field.queryset.visible_to(user))
            name_nothing(field)
        if "code" in self.fields:
            code = self.fields["code"]
            code.help_text = code.help_text or _("Short and unique; other systems refer to it. It does not change.")
            code.disabled = self.instance.pk is not None
        if self.instance.pk is None:
            # What is only now being made is not retired.
            self.fields.pop("retired_on", None)

    def lost_update(self) -> bool:
        """Whether somebody else saved the row since this form was opened."""
        return "version" in self.fields and self.cleaned_data.get("version") != self.instance.version


@cache
def form_of(model: type[Versioned]) -> type[ScopedModelForm]:
    """The form of a model that needs none of its own: what people write of a row."""
    return cast(type[ScopedModelForm], forms.modelform_factory(model, form=ScopedModelForm, fields=own_fields(model)))
