"""The views every page derives from: each fetches its rows through the access rule, in one place.

A page names the roles it is open to; to everyone else it does not exist (404). A page that names none
fails the access tests.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import CreateView, DetailView, UpdateView, View
from django.views.generic.base import TemplateView
from django.views.generic.detail import SingleObjectMixin
from django_filters.views import FilterView
from django_htmx.http import HttpResponseClientRedirect
from django_tables2 import SingleTableMixin

from kernel.access import Role, confirm_editable
from kernel.accounts.models import User
from kernel.constraints import explain
from kernel.exports import CONTENT_TYPES, export
from kernel.figures import plain_number
from kernel.forms import ScopedModelForm
from kernel.paging import CappedPaginator
from kernel.saved_views.menu import menu_of

STAFF = frozenset({Role.CIO_OFFICE, Role.BRM_MANAGER, Role.AUDITOR})
EDITORS = frozenset({Role.CIO_OFFICE, Role.BRM_MANAGER})
PARTNERS = frozenset({Role.AGENCY_MEMBER, Role.VENDOR_MEMBER, Role.MSI_MEMBER})
EVERYONE = STAFF | PARTNERS


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the login and back; whoever was in before learns that the session has ended.

    A part of a page that htmx asked for does not receive the login page: the whole page goes there.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty():
        messages.info(request, _("Your session has ended. Sign in again to go on where you were."))
    if not request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        return redirect_to_login(request.get_full_path())
    back = request.htmx.current_url_abs_path or reverse("home")  # type: ignore[attr-defined]  # as above
    return HttpResponseClientRedirect(redirect_to_login(back).url)


class Page(View):
    """A page for people who are logged in and whose role it is open to."""

    open_to: ClassVar[frozenset[Role]]
    http_method_names = ["get", "head", "options", "post"]

    @property
    def user(self) -> User:
        """Who asks; `dispatch` let nobody in who is not logged in."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if request.user.role not in self.open_to:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class ScopedRows(Page):
    """A page about rows of one model, fetched by the access rule."""

    # Views are generic by their model only in Django's stubs, so their rows are typed where they are used.
    model: Any

    def rows(self) -> Any:
        """What the user may see; pages refine it with domain words."""
        return self.model._default_manager.visible_to(self.user)

    def get_queryset(self) -> Any:
        return self.rows()


def changeable(rows: Any, user: User, **key: Any) -> Any:
    """One row by its key: not found where `user` does not see it, refused where `user` may only see it."""
    row = get_object_or_404(rows.visible_to(user), **key)
    if not rows.editable_by(user).filter(pk=row.pk).exists():
        raise PermissionDenied
    return row


class PlainPage(Page, TemplateView):
    """A page that is no list and no single row."""


class ListPage(ScopedRows, SingleTableMixin, FilterView):
    """A filtered, sorted, paginated list whose whole state is in the URL; `?export=csv|xlsx` is the same as a file."""

    paginate_by = 50
    paginator_class = CappedPaginator
    strict = False
    export_name: ClassVar[str] = "export"
    # What to do where there is no row at all; a list that its filters leave empty says so by itself.
    nothing_yet: ClassVar[str | Promise] = ""

    def get_paginate_by(self, rows: Any) -> int | None:
        """How many rows a page of the table has; Django's own view would count the same rows a second time."""
        return None if isinstance(rows, models.QuerySet) else self.paginate_by

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        wanted = self.request.GET.get("export", "")
        if wanted not in CONTENT_TYPES:
            return super().render_to_response(context, **kwargs)
        rows = context[self.get_context_table_name(None)].as_values()
        return export(rows, export_format=wanted, name=self.export_name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        manager = self.model._default_manager.all()
        context: dict[str, Any] = super().get_context_data(can_create=manager.creatable_by(self.user), **kwargs)
        is_filtered = bool(context["filter"].form.changed_data)
        context[self.get_context_table_name(None)].nothing_yet = "" if is_filtered else self.nothing_yet
        context["saved_views"] = menu_of(self, self.request, self.user)
        return context


class DetailPage(ScopedRows, DetailView):
    """One row; `can_edit` says whether the user may change it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editable = self.model._default_manager.editable_by(self.user)
        return super().get_context_data(can_edit=editable.filter(pk=self.object.pk).exists(), **kwargs)


class FormPage(ScopedRows):
    """What creating and editing share: one transaction, the access rule and the database have the last word."""

    form_class: Any
    object: Any
    form_invalid: Any
    template_name = "forms/edit.html"
    title: ClassVar[str | Promise]
    intro: ClassVar[str | Promise] = ""
    list_url_name: ClassVar[str] = ""
    # Where the row belongs to another one, that one's field: the page then says so above its title.
    part_of: ClassVar[str] = ""
    success_message = _("Saved.")

    def get_success_url(self) -> str:
        """Back to the row, or, where a row has no page of its own, to what it is part of."""
        row = self.object if hasattr(self.object, "get_absolute_url") else getattr(self.object, self.part_of)
        return str(row.get_absolute_url())

    def cancel_url(self) -> str:
        """Where “Cancel” leads: back to the row, or to the list of a row that is not there yet."""
        return reverse(self.list_url_name) if self.object is None else self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = {"title": self.title, "intro": self.intro, "cancel_url": self.cancel_url()}
        context: dict[str, Any] = super().get_context_data(**{**texts, **kwargs})
        row = getattr(context["form"], "instance", None)
        return {"subject": self.subject(row) if row is not None else "", **context}

    def subject(self, row: Any) -> str:
        """What the form is about: the row as it is stored, or what it is part of."""
        if self.part_of:
            return str(getattr(row, self.part_of))
        return "" if self.object is None else str(self.object)

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

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        manager = self.model._default_manager.all()
        opened = request.user.is_authenticated and request.user.role in self.open_to
        if opened and not manager.creatable_by(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class EditPage(FormPage, UpdateView):
    """A form for an existing row; a lost update shows both versions and loses nobody's text."""

    conflict_template_name = "forms/conflict.html"

    def get_object(self, queryset: Any = None) -> models.Model:
        row = super().get_object(queryset)
        editable = self.model._default_manager.editable_by(self.user)
        if not editable.filter(pk=row.pk).exists():
            raise PermissionDenied
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
        fresh = self.form_class(instance=stored, user=self.user)
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


class ConfirmPage(ScopedRows, SingleObjectMixin, TemplateView):
    """Says what an operation on one row will do, and does it once it is confirmed."""

    template_name = "forms/confirm.html"
    form_class: Any = None
    title: ClassVar[str | Promise]
    confirm_label: ClassVar[str | Promise]
    success_message: str | Promise = _("Done.")
    danger = False

    def act(self, data: dict[str, Any]) -> None:
        """Call the operation; `data` is what the form, if there is one, holds."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.request = request
        if request.user.is_authenticated and request.user.role in self.open_to:
            self.object = self.get_object()
            editable = self.model._default_manager.editable_by(request.user)
            if not editable.filter(pk=self.object.pk).exists():
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = {
            "title": self.title,
            "confirm_label": self.confirm_label,
            "cancel_url": self.get_success_url(),
            "danger": self.danger,
            "form": self.form_class() if self.form_class else None,
        }
        return super().get_context_data(**{**texts, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST) if self.form_class else None
        if form is not None and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            self.act(form.cleaned_data if form is not None else {})
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, str(self.success_message))
        return HttpResponseRedirect(self.get_success_url())


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
