"""Rows people edit: a version that the database raises, so that no one's change is lost unseen."""

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
    """A row that people edit."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True
        triggers = (raise_version,)


def validate_month_start(value: object) -> None:
    """Refuse a date that is not the first day of a month."""
    if getattr(value, "day", None) != 1:
        raise ValidationError(_("Choose the first day of a month."), code="not_month_start")


class MonthField(models.DateField):
    """A calendar month, kept as its first day; the table's check says so too."""

    default_validators = [validate_month_start]


def is_month_start(field: str) -> models.Q:
    """The check that `field` is a first day of a month; absent values pass."""
    return models.Q(**{f"{field}__day": 1}) | models.Q(**{f"{field}__isnull": True})
