"""Choosing a subject: one list of all that the user may see, grouped by kind."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.forms import LongSelect, ScopedModelForm
from kernel.subjects.declaring import Kind, Subject


class SubjectField(forms.ChoiceField):
    """One thing of several kinds, sent as `contract:C-1`; an invisible one answers like an unknown one."""

    widget = LongSelect

    def __init__(self, model: Any, **kwargs: Any) -> None:
        super().__init__(**{"label": _("About"), **kwargs})
        self.subject: Subject = model.subject
        self.user: User | AnonymousUser = AnonymousUser()  # who may choose nothing, before `scope_to`

    def scope_to(self, user: User) -> None:
        """Offer and accept what `user` may see."""
        self.user = user
        self.choices = self.offered  # asked when the list is shown: what is sent is looked up by its key

    def offered(self) -> list[tuple[str, Any]]:
        """The choices by kind, each with its kind beside its name, for a box one can type into shows no groups."""
        groups = [
            (capfirst(str(kind.model_class._meta.verbose_name_plural)), self.of(kind)) for kind in self.subject.kinds
        ]
        return [("", _("Choose one")), *((noun, list(things)) for noun, things in groups)]

    def of(self, kind: Kind) -> Iterator[tuple[str, str]]:
        """The choices of one kind."""
        for thing in kind.rows.visible_to(self.user):
            yield sent(kind, thing), f"{thing} ({kind.noun()})"

    def prepare_value(self, value: Any) -> Any:
        return sent(self.subject.kind_of(value), value) if isinstance(value, models.Model) else value

    def to_python(self, value: Any) -> Any:
        """The thing that was chosen."""
        if value in self.empty_values or isinstance(value, models.Model):
            return value or None
        name, _colon, key = str(value).partition(":")
        kind = self.subject.kind_named(name)
        thing = None if kind is None else kind.find(key, self.user)
        if thing is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return thing

    def validate(self, value: Any) -> None:
        """A thing that was found is one of the choices; there may be thousands, so they are not gone through."""
        forms.Field.validate(self, value)


def sent(kind: Kind, thing: models.Model) -> str:
    """A thing as a choice says it."""
    return f"{kind.name}:{kind.key_of(thing)}"


class SubjectForm(ScopedModelForm):
    """A form of rows with a subject, which it declares itself: `subject = SubjectField(Model)`."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if self.instance.pk is not None:
            self.initial.setdefault("subject", self.instance.subject)
        cast(SubjectField, self.fields["subject"]).scope_to(user)

    def _post_clean(self) -> None:
        # Before the model is asked whether it has anything against it.
        if "subject" in self.cleaned_data:
            self.instance.subject = self.cleaned_data["subject"]
        super()._post_clean()  # type: ignore[misc]  # Django's, which the stubs leave out
