"""Rows people edit: their fields, said once, and a version by which no one's change is lost unseen."""

from typing import Any, ClassVar

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

raise_version = pgtrigger.Trigger(
    name="raise_version",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange(),
    func="NEW.version := OLD.version + 1; RETURN NEW;",
)


class Versioned(models.Model):
    """A row that people edit. What a model says here once, its form, its API and its history derive from.

    `WRITTEN`: the fields that people write, in the order in which they are shown.
    `PART_OF`: the field of the row it belongs to, if any: given once, and named by the address of its pages.
    `KEY`: what names a row in an address and wherever another row refers to it; `organization__code` is a
    profile's, which goes by the name of its organization. A `code` that people write does not change later.
    `REFERENCE`: what the API says of a row where another one refers to it; nothing: its key alone.
    `UNTOLD`: fields people write whose changes the history does not tell to partners.
    """

    WRITTEN: ClassVar[tuple[str, ...]] = ()
    PART_OF: ClassVar[str] = ""
    KEY: ClassVar[str] = "id"
    REFERENCE: ClassVar[tuple[str, ...]] = ()
    UNTOLD: ClassVar[tuple[str, ...]] = ()

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True
        triggers = (raise_version,)


def own_fields(model: type[Versioned]) -> tuple[str, ...]:
    """What people write of a row itself, without the row it is part of."""
    return tuple(name for name in model.WRITTEN if name != model.PART_OF)


def fixed_fields(model: type[Versioned]) -> tuple[str, ...]:
    """What people give once, with a new row: what it is part of, and its code."""
    parent = (model.PART_OF,) if model.PART_OF else ()
    return (*parent, "code") if "code" in model.WRITTEN else parent


def key_path(model: type[Versioned]) -> tuple[type[Versioned], tuple[str, ...]]:
    """Whose key a row goes by, and the relations that lead there: none but for profiles and the like."""
    *hops, _key = model.KEY.split("__")
    for hop in hops:
        model = model._meta.get_field(hop).related_model  # type: ignore[assignment]  # a key leads through such rows
    return model, tuple(hops)


def validate_month_start(value: object) -> None:
    """Refuse a date that is not the first day of a month."""
    if getattr(value, "day", None) != 1:
        raise ValidationError(_("Choose the first day of a month."), code="not_month_start")


class MonthField(models.DateField):
    """A calendar month, kept as its first day; the table's check says so too."""

    default_validators = [validate_month_start]


class MoneyField(models.DecimalField):
    """An amount of money in the currency that the row's `currency` names; to the database a plain decimal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 18, "decimal_places": 2, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs


def is_month_start(field: str) -> models.Q:
    """The check that `field` is a first day of a month; absent values pass."""
    return models.Q(**{f"{field}__day": 1}) | models.Q(**{f"{field}__isnull": True})
