"""`{% load history %}`: the address of a row's history."""

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse

from kernel.accounts.models import User
from kernel.history.trail import is_told
from kernel.tracking import telling_of

register = template.Library()


@register.simple_tag(takes_context=True)
def history_url(context: dict[str, Any], row: models.Model) -> str:
    """Where the history of `row` is told; empty where the reader may read none of it."""
    reader: User | AnonymousUser = context["user"]
    if not reader.is_authenticated or not _tells_anything(row._meta.model, reader):
        return ""
    meta = row._meta
    return reverse("history:panel", args=[meta.app_label, meta.model_name, row.pk])


def _tells_anything(model: type[models.Model], reader: User) -> bool:
    return is_told(model, reader) or any(is_told(part, reader) for part in part_models(model))


def part_models(model: type[models.Model]) -> list[type[models.Model]]:
    """The models whose rows' changes belong to the history of `model`."""
    found = []
    for path in telling_of(model).parts:
        part = model
        for hop in path.split("__"):
            part = part._meta.get_field(hop).related_model  # type: ignore[assignment]  # a path leads through relations
        found.append(part)
    return found
