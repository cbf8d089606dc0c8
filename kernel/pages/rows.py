"""One row: looking at it, and confirming what is to be done with it."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView
from django.views.generic.base import TemplateView
from django.views.generic.detail import SingleObjectMixin

from kernel.access import confirm_editable
from kernel.pages.base import ScopedRows


class DetailPage(ScopedRows, DetailView):
    """One row; `can_edit` says whether the user may change it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editable = self.model._default_manager.editable_by(self.user)
        return super().get_context_data(can_edit=editable.filter(pk=self.object.pk).exists(), **kwargs)


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

    def prepare(self) -> HttpResponseBase | None:
        self.object = self.get_object()
        confirm_editable(self.object, self.user)
        return super().prepare()

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
