"""Access to rows with a subject: whoever sees the subject sees the row."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from kernel.access import EVERYBODY, NOBODY, Actor, ScopedQuerySet, Visitor
from kernel.subjects.declaring import Kind, Subject


class SubjectQuerySet(ScopedQuerySet):
    """Rows about one of several kinds of things: seen with their subject, changed by managers who may change that."""

    @property
    def declared(self) -> Subject:
        """What such rows may be about."""
        subject: Subject = self.model.subject
        return subject

    def about(self, thing: models.Model) -> Self:
        """Rows about one thing."""
        return self.filter(**{self.declared.kind_of(thing).name: thing})

    def with_subject(self, user: Visitor) -> Self:
        """Rows with what they are about, and whether `user` sees that, as `sees_subject`: a link needs it."""
        seen = [
            When(Exists(kind.rows.visible_to(user).filter(pk=OuterRef(f"{kind.name}_id"))), then=True)
            for kind in self.declared.kinds
        ]
        rows = self.select_related(*self.declared.relations())
        return rows.annotate(sees_subject=Case(*seen, default=Value(False)))

    # --- rules ---

    def staff_rule(self, user: Actor) -> Q:
        return self.seen_by_subject(user)

    def agency_rule(self, user: Actor) -> Q:
        return self.seen_by_subject(user)

    def vendor_rule(self, user: Actor) -> Q:
        return self.seen_by_subject(user)

    def msi_rule(self, user: Actor) -> Q:
        return self.seen_by_subject(user)

    def manager_rule(self, user: Actor) -> Q:
        return self._where(lambda kind: _one_of(kind, kind.rows.editable_by(user)))

    def seen_by_subject(self, user: Actor) -> Q:
        """Rows whose subject `user` sees."""
        return self._where(lambda kind: _seen(kind, user))

    def _where(self, rule: Callable[[Kind], Q]) -> Q:
        return reduce(or_, map(rule, self.declared.kinds), NOBODY)


def _seen(kind: Kind, user: Actor) -> Q:
    if kind.rows.reading_rule(user) == EVERYBODY:
        return Q(**{f"{kind.name}__isnull": False})
    return _one_of(kind, kind.rows.visible_to(user))


def _one_of(kind: Kind, things: QuerySet[Any]) -> Q:
    return Q(**{f"{kind.name}__in": things.order_by().values("pk")})
