"""Reading the event tables: what happened to a row and its parts, by the rule of who may read it."""

import functools
import operator
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, When, Window
from django.db.models.functions import Lag, Lead
from pghistory.core import event_models

from kernel.access import EVERYBODY, STAFF, Actor, ScopedQuerySet
from kernel.tracking import telling_of

UPDATE = "update"
EVERY_EVENT = Q(pgh_id__isnull=False)
NEVER_TOLD = frozenset({"id", "version"})


@dataclass(frozen=True)
class Event:
    """One insert, update or delete of one row, with each told field's value before and after."""

    model: type[models.Model]
    is_part: bool
    label: str
    at: datetime
    order: int
    context: dict[str, Any]
    name: dict[str, Any]
    changes: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Source:
    """The event table of one model, narrowed to what one user may read of one row's history."""

    model: type[models.Model]
    rows: QuerySet[Any]
    fields: tuple[str, ...]
    is_part: bool


class Differs(Func):
    """Whether two expressions differ, an absent value being a value like any other."""

    template = "(%(expressions)s)"
    arg_joiner = " IS DISTINCT FROM "
    output_field = models.BooleanField()


def event_model_of(model: type[models.Model]) -> type[models.Model] | None:
    """The event table of a model, or None where it keeps no history."""
    found = event_models(tracks_model=model)
    return found[0] if found else None


def sees_all(user: Actor) -> bool:
    """Whether a user reads all of the history of what that user sees: fields, actors and circumstances."""
    return user.role in STAFF


def told_fields(model: type[models.Model], user: Actor) -> tuple[str, ...]:
    """The fields of a model whose changes a user may read."""
    event_model = event_model_of(model)
    if event_model is None:
        return ()
    kept = {field.name for field in event_model._meta.concrete_fields} - NEVER_TOLD
    if not sees_all(user):
        kept &= set(telling_of(model).readable.get(user.role, ()))
    return tuple(field.name for field in model._meta.concrete_fields if field.name in kept)


def sources_of(row: models.Model, user: Actor) -> list[Source]:
    """The event tables that tell the history of `row`, which the user must be allowed to see."""
    own = _source(type(row), Q(pgh_obj_id=row.pk), user, is_part=False)
    parts = [_part(row, path, user) for path in telling_of(type(row)).parts]
    return [source for source in (own, *parts) if source is not None]


def is_told(model: type[models.Model], user: Actor) -> bool:
    """Whether a user may read anything of the history of a model's rows."""
    return bool(told_fields(model, user))


def _source(model: type[models.Model], belongs: Q, user: Actor, *, is_part: bool) -> Source | None:
    event_model = event_model_of(model)
    fields = told_fields(model, user)
    if event_model is None or not fields:
        return None
    rows = event_model._default_manager.filter(belongs)
    if is_part:
        rows = rows.filter(_visible(model, user))
    return Source(model, rows, fields, is_part)


def _visible(model: type[models.Model], user: Actor) -> Q:
    """Events of part rows the user sees; those of removed rows only for who sees everything."""
    rows: ScopedQuerySet = model._default_manager.all()  # type: ignore[assignment]  # every model of the house has one
    if sees_all(user) and rows.reading_rule(user) == EVERYBODY:
        return EVERY_EVENT
    # One look-up per event: the table of the rows themselves may be very long.
    this = {"pk": OuterRef("pgh_obj_id")}
    seen = Q(Exists(rows.visible_to(user).filter(**this)))
    return seen | Q(~Exists(model._base_manager.filter(**this))) if sees_all(user) else seen


def _part(row: models.Model, path: str, user: Actor) -> Source | None:
    *hops, last = path.split("__")
    for hop in hops:
        row = getattr(row, hop)
    relation: Any = row._meta.get_field(last)
    model = relation.related_model
    if relation.concrete:
        belongs = Q(pgh_obj_id=getattr(row, relation.attname))
    else:
        key = relation.field
        belongs = Q(**{key.attname: getattr(row, key.target_field.attname)})
    return _source(model, belongs, user, is_part=True)


def read(sources: list[Source], *, skip: int, limit: int) -> list[Event]:
    """The newest events of all sources, in one query each."""
    events = [event for source in sources for event in _newest(source, skip + limit)]
    events.sort(key=lambda event: (event.at, event.order), reverse=True)
    return events[skip : skip + limit]


def _newest(source: Source, limit: int) -> Iterator[Event]:
    rows = source.rows.annotate(**_neighbours(source)).filter(_says_something(source))
    for row in rows.order_by("-pgh_created_at", "-pgh_id")[:limit]:
        yield Event(
            model=source.model,
            is_part=source.is_part,
            label=row.pgh_label,
            at=row.pgh_created_at,
            order=row.pgh_id,
            context=row.pgh_context or {},
            name={name: getattr(row, _attname(source, name)) for name in telling_of(source.model).named_by},
            changes=dict(_changes(source, row)),
        )


def field_of(model: type[models.Model], name: str) -> Any:
    """A concrete field of a model, by its name."""
    return model._meta.get_field(name)


def _attname(source: Source, name: str) -> str:
    return str(field_of(source.model, name).attname)


def keeps_replaced(source: Source) -> bool:
    """Whether an update's event holds the row as it was; otherwise it holds the row as it became."""
    trackers = source.rows.model.pgh_trackers or ()
    return any(isinstance(t, pghistory.UpdateEvent) and t.row == pghistory.Old for t in trackers)


def of_row(expression: Func) -> Window:
    """An expression over the events of the same row, in their order."""
    return Window(expression, partition_by=F("pgh_obj_id"), order_by=F("pgh_id").asc())


def _neighbours(source: Source) -> dict[str, Any]:
    """For each field its value on the other side of the change: in the row's event before, or after."""
    names = [_attname(source, field) for field in source.fields]
    if not keeps_replaced(source):
        return {f"other_{name}": of_row(Lag(name)) for name in names}
    now = source.model._base_manager.filter(pk=OuterRef("pgh_obj_id"))
    is_last = Q(next_event__isnull=True)
    following: dict[str, Any] = {"next_event": of_row(Lead("pgh_id"))}
    for field_name, name in zip(source.fields, names, strict=True):
        # After the last event comes the row as it is today.
        field = field_of(source.model, field_name)
        following[f"other_{name}"] = Case(
            When(is_last, then=Subquery(now.values(name))),
            default=of_row(Lead(name)),
            output_field=getattr(field, "target_field", field),
        )
    return following


def _says_something(source: Source) -> Q:
    """Inserts and deletes, and updates in which a told field changed."""
    names = [_attname(source, field) for field in source.fields]
    changed = functools.reduce(operator.or_, (Q(Differs(F(name), F(f"other_{name}"))) for name in names))
    return ~Q(pgh_label=UPDATE) | changed


def _changes(source: Source, row: Any) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for field in source.fields:
        name = _attname(source, field)
        held, other = getattr(row, name), getattr(row, f"other_{name}")
        if row.pgh_label == UPDATE:
            before, after = (held, other) if keeps_replaced(source) else (other, held)
        elif row.pgh_label == "delete":
            before, after = held, None
        else:
            before, after = None, held
        if before != after:
            yield field, (before, after)
