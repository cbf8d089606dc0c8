"""Publishing scorecards: a page that says what it means and who will see what, then the act itself."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic.base import TemplateView

from kernel.access import Role
from kernel.pages import ScopedRows
from vendors.audience import audiences
from vendors.filters import ScorecardListFilterSet
from vendors.models import Scorecard
from vendors.operations import publish_scorecards
from vendors.periods import Editions
from vendors.querysets import ScorecardQuerySet


class ChangedMeanwhileError(Exception):
    """What is to be published is no longer what the page showed."""


class PublishForm(forms.Form):
    """The scorecards that were shown, each as id:version, in one field, so that their number has no limit."""

    chosen = forms.RegexField(
        r"^\d+:\d+(,\d+:\d+)*$",
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose at least one draft."), "invalid": _("Choose the drafts again.")},
    )

    def clean_chosen(self) -> dict[int, int]:
        """Id → version."""
        pairs = (pair.split(":") for pair in self.cleaned_data["chosen"].split(","))
        return {int(key): int(version) for key, version in pairs}


class ScorecardPublish(ScopedRows, TemplateView):
    """One or many drafts become visible to their vendors and the agencies these serve, and immutable."""

    open_to = frozenset({Role.CIO_OFFICE})
    model = Scorecard
    template_name = "vendors/scorecard_publish.html"

    def rows(self) -> ScorecardQuerySet:
        return Scorecard.objects.editable_by(self.user).open()

    def asked_for(self) -> ScorecardQuerySet:
        """Those chosen one by one, or with `?all=1` all drafts that the list's filters leave."""
        if "all" in self.request.GET:
            editions = Editions(Scorecard.objects.visible_to(self.user).standing().editions())
            found = ScorecardListFilterSet(
                self.request.GET, queryset=self.rows(), request=self.request, editions=editions
            )
            return found.qs
        keys = [key for key in self.request.GET.getlist("scorecard") if key.isdecimal()]
        return self.rows().filter(pk__in=keys)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        drafts = kwargs.pop("drafts", None)
        rows = self.asked_for() if drafts is None else drafts
        rows = rows.select_related("vendor__organization", "methodology", "grade").prefetch_related(
            "methodology__bands"
        )
        cards = list(rows.order_by("vendor__organization__name", "-period_start", "-months"))
        reached = audiences({card.vendor for card in cards})
        return super().get_context_data(
            cards=[(card, reached[card.vendor_id]) for card in cards],
            agencies=len(set().union(*(each.agencies for each in reached.values()))),
            people=len(set().union(*(each.agency_people | each.vendor_people for each in reached.values()))),
            form=PublishForm(initial={"chosen": ",".join(f"{card.pk}:{card.version}" for card in cards)}),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PublishForm(request.POST)
        if not form.is_valid():
            error = str(form.errors["chosen"].as_text())
            return self.render_to_response(self.get_context_data(drafts=self.rows().none(), error=error), status=400)
        chosen = form.cleaned_data["chosen"]
        drafts = self.rows().filter(pk__in=chosen)
        try:
            published = self.publish(drafts, chosen)
        except ChangedMeanwhileError:
            error = _now("Some of these changed since you opened this page. Nothing was published; look again below.")
            return self.render_to_response(self.get_context_data(drafts=drafts, error=error), status=409)
        words = ngettext("%(n)d scorecard is published.", "%(n)d scorecards are published.", published)
        messages.success(request, words % {"n": published})
        only = next(iter(chosen)) if len(chosen) == 1 else None
        return HttpResponseRedirect(
            reverse("vendors:scorecard_detail", args=[only]) if only else reverse("vendors:scorecard_list")
        )

    @transaction.atomic
    def publish(self, drafts: ScorecardQuerySet, shown: dict[int, int]) -> int:
        """Publish exactly what was shown, or nothing."""
        published = publish_scorecards(scorecards=drafts, by=self.user)
        stored = dict(Scorecard.objects.filter(pk__in=shown).order_by().values_list("pk", "version"))
        # Publishing raised each version once; where the figures were computed again, it was raised before.
        if published != len(shown) or stored != {key: version + 1 for key, version in shown.items()}:
            raise ChangedMeanwhileError
        return published
