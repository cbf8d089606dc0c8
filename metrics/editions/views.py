"""Pages of editions that were never used: a new one from an old one, changing it, discarding it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kernel.access import OFFICE
from kernel.pages import ConfirmPage, CreatePage, EditPage, FormPage, Page
from metrics.editions.drafting import bands_of, change_edition, discard_edition, draft_edition, next_edition
from metrics.editions.forms import EditionForm, rearranged
from metrics.models import Methodology

# Buttons of the form that save nothing: they add a grade, take one out, or look at the rules.
BUTTONS = frozenset({"insert", "remove", "check"})


class EditionPage(FormPage):
    """What drafting and changing an edition share: grades come and go and rules are looked at before it is saved."""

    open_to = OFFICE
    model = Methodology
    form_class = EditionForm
    template_name = "metrics/editions/methodology_edit.html"
    get: Any
    get_form: Any

    @property
    def saves_nothing(self) -> bool:
        """Whether the form was sent by one of those buttons."""
        return not BUTTONS.isdisjoint(self.request.POST)

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.saves_nothing:
            return self.get(request, *args, **kwargs)
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        arguments = super().get_form_kwargs()
        if self.saves_nothing:
            arguments |= {"initial": rearranged(self.request.POST), "data": None, "files": None}
        return arguments

    def get_template_names(self) -> list[str]:
        """While people type, only the list of rules is asked for."""
        wants_rules = self.request.htmx and "check" in self.request.POST  # type: ignore[attr-defined]  # by HtmxMiddleware
        return ["metrics/editions/_edition_rules.html" if wants_rules else self.template_name]


class EditionCreate(EditionPage, CreatePage):
    """A new edition that begins as a copy of the one that the address names."""

    title = _("New edition")
    success_message = _("The edition is stored. Nothing is computed with it before you use it.")

    @cached_property
    def origin(self) -> Methodology:
        """The edition it is made from."""
        return get_object_or_404(Methodology.objects.visible_to(self.user), code=self.kwargs["code"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": next_edition(self.origin), "bands": bands_of(self.origin)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(methodology=self.origin, **kwargs)

    def subject(self, row: Any) -> str:
        return str(self.origin)

    def cancel_url(self) -> str:
        return self.origin.get_absolute_url()

    def save(self, form: Any) -> Methodology:
        return draft_edition(methodology=form.instance, bands=form.bands, by=self.user)


class UnusedOnly(Page):
    """A page about an edition that was never used; from any other it leads back and says why."""

    object: Any
    get_object: Any

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_object()
        if row.first_used_at is None:
            return super().get(request, *args, **kwargs)
        messages.error(request, _("A methodology that was used does not change. Make a new edition of it."))
        return HttpResponseRedirect(row.get_absolute_url())


class EditionUpdate(UnusedOnly, EditionPage, EditPage):
    """Change an edition that was never used."""

    slug_field, slug_url_kwarg = "code", "code"
    title = _("Change edition")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(methodology=self.object, **kwargs)

    def save(self, form: Any) -> Methodology:
        return change_edition(methodology=form.instance, bands=form.bands, by=self.user)


class EditionDiscard(UnusedOnly, ConfirmPage):
    """Delete an edition that was never used."""

    open_to = OFFICE
    model = Methodology
    slug_field, slug_url_kwarg = "code", "code"
    title = _("Discard edition")
    confirm_label = _("Discard")
    success_message = _("The edition is discarded.")
    danger = True
    is_gone = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("%(methodology)s was never used: no figure rests on it. It goes for good; the history keeps it.")
        return super().get_context_data(intro=words % {"methodology": self.object}, **kwargs)

    def act(self, data: dict[str, Any]) -> None:
        discard_edition(methodology=self.object, by=self.user)
        self.is_gone = True

    def get_success_url(self) -> str:
        return reverse("metrics:methodology_list") if self.is_gone else self.object.get_absolute_url()
