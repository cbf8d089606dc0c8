"""Kinds of a row's subject: a foreign key for each, made with the check that exactly one of them is set."""

from dataclasses import dataclass
from functools import reduce
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kernel.access import ScopedQuerySet
from kernel.editing import Versioned


@dataclass(frozen=True)
class Kind:
    """One kind of thing that rows may be about."""

    name: str  # of the foreign key; the API calls the kind so too
    model: str  # as foreign keys name it: vendors.Contract
    named_through: tuple[str, ...] = ()  # relations that its name is read through, beside those of its KEY

    @property
    def model_class(self) -> type[Versioned]:
        """What such things are rows of; known once all models are loaded."""
        return cast(type[Versioned], apps.get_model(self.model))

    @property
    def key(self) -> str:
        """The path to what such a thing is known by."""
        return self.model_class.KEY

    @property
    def rows(self) -> ScopedQuerySet:
        """All things of this kind, for the access rule to choose from, with what their names need."""
        rows = cast(ScopedQuerySet, self.model_class._default_manager.all())
        needed = self.relations()
        return rows.select_related(*needed) if needed else rows

    def relations(self) -> tuple[str, ...]:
        """The relations that names and keys of such things are read through."""
        through_key = self.key.rpartition("__")[0]
        return (through_key, *self.named_through) if through_key else self.named_through

    def noun(self) -> str:
        """What people call such a thing."""
        return str(self.model_class._meta.verbose_name)

    def key_of(self, thing: models.Model) -> str:
        """What a thing is known by."""
        return str(reduce(getattr, self.key.split("__"), cast(Any, thing)))

    def find(self, key: str, user: Any) -> models.Model | None:
        """The thing of that key; none where there is none, and none where `user` may not see it."""
        if not key.isprintable():
            return None
        try:
            return self.rows.visible_to(user).filter(**{self.key: key}).first()
        except ValueError:
            return None  # the key is a number, and this is none


class Subject(property):
    """What a row is about, declared in its model: `subject = Subject(Kind(...), Kind(...))`.

    In a row it is the thing itself: read, set, and given to `create(subject=...)`. In the model it says which
    kinds there are. A model has one, under this name, and names it in `WRITTEN`; its queryset derives from
    `SubjectQuerySet`.
    """

    def __init__(self, *kinds: Kind, related_name: str | None = None) -> None:
        super().__init__(self._read, self._write)
        self.kinds = kinds
        # Made here, so that they stand where the subject is declared.
        self._foreign_keys = {kind.name: _foreign_key(kind, related_name) for kind in kinds}

    def contribute_to_class(self, model: type[models.Model], name: str) -> None:
        """Give the model the foreign keys and the check; Django calls this when it makes the model."""
        options = model._meta
        if options.abstract:
            raise TypeError(
                "A subject is declared in the model whose table has it, for the check belongs to the table."
            )
        for field_name, field in self._foreign_keys.items():
            field.contribute_to_class(model, field_name)
        options.constraints = [*options.constraints, self._exactly_one(f"{options.model_name}_one_{name}")]
        options.original_attrs["constraints"] = options.constraints  # where migrations look
        setattr(model, name, self)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the foreign keys."""
        return tuple(self._foreign_keys)

    def kind_named(self, name: object) -> Kind | None:
        """The kind of that name, if it is one of these."""
        return next((kind for kind in self.kinds if kind.name == name), None)

    def kind_of(self, thing: models.Model) -> Kind:
        """Which kind of thing this is. Raises TypeError for what no row can be about."""
        for kind in self.kinds:
            if isinstance(thing, kind.model_class):
                return kind
        raise TypeError(f"Nothing here is about a {type(thing).__name__}.")

    def relations(self) -> tuple[str, ...]:
        """The relations that names and keys of subjects are read through."""
        return tuple(
            "__".join(filter(None, (kind.name, path))) for kind in self.kinds for path in ("", *kind.relations())
        )

    def _read(self, row: models.Model) -> models.Model | None:
        for name, field in self._foreign_keys.items():
            if getattr(row, field.attname) is not None:
                return cast(models.Model, getattr(row, name))
        return None

    def _write(self, row: models.Model, thing: models.Model | None) -> None:
        chosen = None if thing is None else self.kind_of(thing).name
        for name in self._foreign_keys:
            setattr(row, name, thing if name == chosen else None)

    def _exactly_one(self, name: str) -> models.CheckConstraint:
        given = Func(*map(F, self.fields), function="num_nonnulls", output_field=models.IntegerField())
        return models.CheckConstraint(
            condition=Q(Exact(given, 1)),
            name=name,
            violation_error_message=_("Choose exactly one thing that this is about."),
        )


def _foreign_key(kind: Kind, related_name: str | None) -> models.ForeignKey[Any, Any]:
    noun = lazy(kind.noun, str)()  # models that are loaded later have theirs by the time it is shown
    return models.ForeignKey(
        kind.model, models.PROTECT, null=True, blank=True, related_name=related_name, verbose_name=noun
    )
