"""Forms for new and existing rows: the access rule and the database have the last word, and nobody's text is lost."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import CreateView, UpdateView

from kernel.access import confirm_editable
from kernel.constraints import explain
from kernel.figures import plain_number
from kernel.forms import ScopedModelForm, form_of
from kernel.pages.base import ScopedRows


class FormPage(ScopedRows):
    """What creating and editing share: one transaction, the access rule and the database have the last word."""

    # None: the form that the model itself makes.
    form_class: Any = None
    object: Any
    form_invalid: Any
    template_name = "forms/edit.html"
    title: ClassVar[str | Promise]
    intro: ClassVar[str | Promise] = ""
    list_url_name: ClassVar[str] = ""
    success_message = _("Saved.")

    def get_success_url(self) -> str:
        """Back to the row."""
        return str(self.object.get_absolute_url())

    def cancel_url(self) -> str:
        """Where “Cancel” leads: back to the row, or to the list of a row that is not there yet."""
        return reverse(self.list_url_name) if self.object is None else self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = {"title": self.title, "intro": self.intro, "cancel_url": self.cancel_url()}
        context: dict[str, Any] = super().get_context_data(**{**texts, **kwargs})
        row = getattr(context["form"], "instance", None)
        return {"subject": self.subject(row) if row is not None else "", **context}

    def subject(self, row: Any) -> str:
        """What the form is about: the row as it is stored."""
        return "" if self.object is None else str(self.object)

    def get_form_class(self) -> Any:
        return self.form_class or form_of(self.model)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.user}

    def save(self, form: ScopedModelForm) -> models.Model:
        """Write the row; pages whose write is an operation call that instead."""
        return form.save()

    def form_valid(self, form: ScopedModelForm) -> HttpResponse:
        try:
            with transaction.atomic():
                self.object = self.save(form)
                confirm_editable(self.object, self.user)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        except IntegrityError as error:
            form.add_error(NON_FIELD_ERRORS, explain(error))
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return HttpResponseRedirect(self.get_success_url())


class CreatePage(FormPage, CreateView):
    """A form for a new row."""

    def prepare(self) -> HttpResponseBase | None:
        if not self.model._default_manager.all().creatable_by(self.user):
            raise PermissionDenied
        return super().prepare()


class EditPage(FormPage, UpdateView):
    """A form for an existing row; a lost update shows both versions and loses nobody's text."""

    conflict_template_name = "forms/conflict.html"

    def get_object(self, queryset: Any = None) -> models.Model:
        row: models.Model = super().get_object(queryset)
        confirm_editable(row, self.user)
        return row

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.select_for_update(of=("self",)) if self.request.method == "POST" else rows

    def form_valid(self, form: ScopedModelForm) -> HttpResponse:
        if form.lost_update():
            return self.conflict(form)
        return super().form_valid(form)

    def conflict(self, form: ScopedModelForm) -> HttpResponse:
        """Both versions side by side; sending again overwrites knowingly."""
        stored = self.model._default_manager.get(pk=form.instance.pk)
        fresh = self.get_form_class()(instance=stored, user=self.user)
        entered = cast(QueryDict, form.data).copy()
        for name, field in fresh.fields.items():
            if name.endswith("version"):
                entered[name] = field.initial
        form.data = entered
        # Where people add and take out rows, one of the two may lack a field.
        boxes = {each.name: each for each in (*fresh.visible_fields(), *form.visible_fields())}
        versions = [(field, readable(fresh, name), readable(form, name)) for name, field in boxes.items()]
        differing = [
            {"field": field, "theirs": theirs, "yours": yours} for field, theirs, yours in versions if theirs != yours
        ]
        context = self.get_context_data(form=form, differing=differing, stored=stored)
        return TemplateResponse(self.request, self.conflict_template_name, context, status=409)


def add_errors(form: ScopedModelForm, error: ValidationError) -> None:
    """Show an operation's refusal beside the fields it is about, or above the form."""
    for name, texts in getattr(error, "message_dict", {NON_FIELD_ERRORS: error.messages}).items():
        for text in texts:
            form.add_error(name if name in form.fields else NON_FIELD_ERRORS, text)


def readable(form: ScopedModelForm, name: str) -> str:
    """What a field of a form holds, as people read it; nothing where the form lacks it."""
    if name not in form.fields:
        return ""
    value = form.cleaned_data.get(name) if form.is_bound else stored_value(form, name)
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        return plain_number(Decimal(form.fields[name].prepare_value(value)))
    choices: Mapping[Any, Any] = (
        dict(getattr(form.fields[name], "choices", None) or ()) if not isinstance(value, models.Model) else {}
    )
    return str(choices.get(value, value))


def stored_value(form: ScopedModelForm, name: str) -> Any:
    """What the row itself holds for a field; fields of a form's own are found in its initial values."""
    if name in (form._meta.fields or ()):
        return getattr(form.instance, name)
    value = form.get_initial_for_field(form.fields[name], name)
    return form.fields[name].to_python(value)
