"""The decorators of models people edit: each change becomes an event row, and the history can tell it in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import pghistory
from django.db import models

from kernel.access import NO_ROLE, Roles
from kernel.editing import Versioned
from kernel.subjects.declaring import Subject

M = TypeVar("M", bound=models.Model)


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable[[type[M]], type[M]]:
    """Keep every insert, update and delete of a model, raw SQL and bulk writes included, without `exclude`."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
    )


@dataclass(frozen=True)
class Telling:
    """How the history of a model is told: what names a row, what belongs to it, what partners may read."""

    named_by: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    readable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def told(
    *,
    named_by: tuple[str, ...] = (),
    parts: tuple[str, ...] = (),
    to: Roles = NO_ROLE,
    also: tuple[str, ...] = (),
) -> Callable[[type[M]], type[M]]:
    """Say how the history of a model is told.

    `named_by`: fields that tell a row apart where it appears as a part of another row's history.
    `parts`: paths of relations to rows whose changes belong to this row's history, as `series__targets`.
    `to`: the roles among partners that may read what people write of a row, but what the model keeps `UNTOLD`.
    `also`: further fields that these may read; nothing else is shown to partners.
    A row's `subject` stands for the fields of all its kinds.
    """

    def decorate(model: type[M]) -> type[M]:
        written = [name for name in model.WRITTEN if name not in model.UNTOLD] if issubclass(model, Versioned) else []
        readable = _columns(model, (*written, *also))
        telling = Telling(_columns(model, named_by), parts, dict.fromkeys(to, readable))
        model.history_telling = telling  # type: ignore[attr-defined]  # read by telling_of
        return model

    return decorate


def _columns(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, ...]:
    """Fields by their names, where a subject is several."""
    found: list[str] = []
    for name in names:
        declared = vars(model).get(name)
        found.extend(declared.fields if isinstance(declared, Subject) else (name,))
    return tuple(found)


def telling_of(model: type[models.Model]) -> Telling:
    """What `told` said of a model; without it staff read all of it and partners nothing."""
    return vars(model).get("history_telling", Telling())
