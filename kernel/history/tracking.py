"""The decorators of models people edit: each change becomes an event row, and the history can tell it in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import pghistory
from django.db import models

from kernel.access import Role

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
    agency: tuple[str, ...] = (),
    vendor: tuple[str, ...] = (),
    msi: tuple[str, ...] = (),
) -> Callable[[type[M]], type[M]]:
    """Say how the history of a model is told.

    `named_by`: fields that tell a row apart where it appears as a part of another row's history.
    `parts`: paths of relations to rows whose changes belong to this row's history, as `series__targets`.
    `agency`, `vendor`, `msi`: the fields members of that role may read; nothing else is shown to them.
    """
    readable: dict[str, tuple[str, ...]] = {
        Role.AGENCY_MEMBER: agency,
        Role.VENDOR_MEMBER: vendor,
        Role.MSI_MEMBER: msi,
    }

    def decorate(model: type[M]) -> type[M]:
        model.history_telling = Telling(named_by, parts, readable)  # type: ignore[attr-defined]  # read by telling_of
        return model

    return decorate


def telling_of(model: type[models.Model]) -> Telling:
    """What `told` said of a model; without it staff read all of it and partners nothing."""
    return vars(model).get("history_telling", Telling())
