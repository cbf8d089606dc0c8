"""The history in plain words: values as people read them, who did it, and by what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from kernel.access import Actor
from kernel.accounts.models import User
from kernel.editing import MonthField
from kernel.history.trail import UPDATE, Event, field_of, sees_all

NOTHING = "–"
LONGEST_VALUE = 300
DELETE = "delete"
# How pages are called whose routes end so.
VERBS = {"create": "New", "update": "Edit"}


@dataclass(frozen=True)
class Change:
    """One field's change."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One event as a page shows it."""

    at: datetime
    sentence: str
    means: str
    changes: list[Change]
    label: str


class Names:
    """Names of the rows that events refer to, fetched with one query per model."""

    def __init__(self, events: Iterable[Event]) -> None:
        wanted: defaultdict[type[models.Model], set[Any]] = defaultdict(set)
        for event in events:
            for field_name, values in _all_values(event):
                field = field_of(event.model, field_name)
                if isinstance(field, models.ForeignKey):
                    wanted[field.related_model].update(value for value in values if value is not None)
        self._names = {model: _names_of(model, keys) for model, keys in wanted.items() if keys}

    def of(self, model: type[models.Model], key: Any) -> str:
        """The name of a row; its number where it is gone."""
        return self._names.get(model, {}).get(key, f"#{key}")


def _all_values(event: Event) -> Iterable[tuple[str, Iterable[Any]]]:
    yield from event.changes.items()
    yield from ((name, (value,)) for name, value in event.name.items())


def _names_of(model: type[models.Model], keys: set[Any]) -> dict[Any, str]:
    # A profile is named by what it is the profile of.
    profiled = [field.name for field in model._meta.concrete_fields if field.one_to_one]
    rows = model._base_manager.select_related(*profiled) if profiled else model._base_manager.all()
    return {row.pk: str(row) for row in rows.filter(pk__in=keys)}


def tell(events: list[Event], reader: Actor) -> list[Entry]:
    """The events as `reader` may know them: partners learn the office, not the person."""
    names, actors = Names(events), _actors(events, reader)
    return [_entry(event, names, actors, reader) for event in events]


def _entry(event: Event, names: Names, actors: dict[Any, str], reader: Actor) -> Entry:
    changes = [
        Change(
            label=capfirst(str(field_of(event.model, name).verbose_name)),
            before=shown(event.model, name, before, names),
            after=shown(event.model, name, after, names),
        )
        for name, (before, after) in event.changes.items()
    ]
    return Entry(
        at=event.at,
        sentence=_sentence(event.label, _actor(event, actors, reader), _subject(event, names)),
        means=_circumstances(event.context) if sees_all(reader) else "",
        changes=[change for change in changes if change.before != change.after],
        label=event.label,
    )


def shown(model: type[models.Model], field_name: str, value: Any, names: Names) -> str:
    """A value of a field as people read it."""
    field = field_of(model, field_name)
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(field, models.ForeignKey):
        return names.of(field.related_model, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(field, value)


def _plain(field: models.Field, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "F Y" if isinstance(field, MonthField) else "DATE_FORMAT")
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return Truncator(str(value)).chars(LONGEST_VALUE)


# --- who, what, by what ---


def _actors(events: list[Event], reader: Actor) -> dict[Any, str]:
    if not sees_all(reader):
        return {}
    keys = {event.context["user"] for event in events if event.context.get("user")}
    return _names_of(User, keys) if keys else {}


def _actor(event: Event, actors: dict[Any, str], reader: Actor) -> str:
    user = event.context.get("user")
    if user == reader.pk:
        return _("You")
    if not sees_all(reader):
        return _("CIO office")
    if user is None:
        return _("The system")
    return actors.get(user, f"#{user}")


def _sentence(label: str, actor: str, subject: str) -> str:
    parts = {"actor": actor, "subject": subject}
    if label == UPDATE:
        return _("%(actor)s changed %(subject)s") % parts
    if label == DELETE:
        return _("%(actor)s removed %(subject)s") % parts
    return _("%(actor)s added %(subject)s") % parts


def _subject(event: Event, names: Names) -> str:
    kind = str(event.model._meta.verbose_name)
    if not event.is_part:
        return _("this %(kind)s") % {"kind": kind}
    called = [shown(event.model, name, value, names) for name, value in event.name.items()]
    return f"{kind} {', '.join(word for word in called if word != NOTHING)}".strip()


def _circumstances(context: dict[str, Any]) -> str:
    """By what it was done, and why where whoever did it was asked."""
    reason = context.get("reason")
    said = _("reason: %(reason)s") % {"reason": reason} if reason else ""
    return ", ".join(filter(None, (_means(context), said)))


def _means(context: dict[str, Any]) -> str:
    """By what it was done: a command, a task, the API, or a page of the portal."""
    if context.get("command"):
        return _("by the command %(name)s") % {"name": context["command"]}
    if context.get("task"):
        return _("by the task %(name)s") % {"name": context["task"]}
    if context.get("job"):
        return _("by job %(number)s") % {"number": context["job"]}
    if context.get("token"):
        return _("through the API")
    route = str(context.get("route") or "")
    if route.startswith("admin:"):
        return _("in the administration")
    if route.startswith("api"):
        return _("through the API")
    if route:
        return _("on the page “%(name)s”") % {"name": _route_in_words(route)}
    return "" if context.get("user") else _("directly in the database")


def _route_in_words(route: str) -> str:
    """`accounts:user_update` as `Edit user`, `jobs:job_retry` as `Retry job`."""
    *kind, verb = route.rpartition(":")[2].split("_")
    return " ".join([VERBS.get(verb, capfirst(verb)), *kind])
