"""Computing and publishing of scorecards: pages that say what will happen, then the act."""

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import FormView
from django.views.generic.base import TemplateView

from kernel.access import EDITORS, OFFICE
from kernel.accounts.models import User
from kernel.forms import MonthFormField
from kernel.pages import Page, ScopedRows
from metrics.methodologies.scoring import add_months
from metrics.models import Methodology, MonthlyValue
from vendors.filters.scorecards import ScorecardListFilterSet
from vendors.models import Scorecard, Vendor
from vendors.querysets.scorecards import ScorecardQuerySet
from vendors.scorecards.audience import audiences
from vendors.scorecards.computing import last_closed_periods
from vendors.scorecards.periods import Editions, Period
from vendors.scorecards.publishing import publish_scorecards
from vendors.scorecards.requesting import request_scorecards


class ComputeForm(forms.Form):
    """For which period, by which methodology and for which vendors."""

    period_start = MonthFormField(label=_("First month"))
    months = forms.IntegerField(
        label=_("Number of months"),
        min_value=1,
        max_value=120,
        help_text=_("1 for a month, 3 for a quarter, 12 for a year; it may be any run of months."),
    )
    methodology = forms.ModelChoiceField(label=_("Methodology"), queryset=Methodology.objects.none())
    vendors = forms.ModelMultipleChoiceField(
        label=_("Vendors"),
        queryset=Vendor.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Choose none to compute all of these. Hold Ctrl or Command to choose several."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["methodology"].queryset = Methodology.objects.visible_to(user)  # type: ignore[attr-defined]
        vendors = Vendor.objects.editable_by(user).select_related("organization")
        self.fields["vendors"].queryset = vendors  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Preset:
    """A period that is often asked for, and the address that fills the form with it."""

    label: str
    period: Period
    url: str


class ScorecardCompute(Page, FormView):
    """Drafts for one period; nothing is published by it."""

    open_to = EDITORS
    form_class = ComputeForm
    template_name = "vendors/scorecard_compute.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.user}

    def get_initial(self) -> dict[str, Any]:
        start, months = self.periods()[0]
        wanted = self.request.GET
        return {
            "period_start": wanted.get("period_start", f"{start:%Y-%m}"),
            "months": wanted.get("months", months),
            "methodology": Methodology.objects.filter(is_default=True).first(),
        }

    def periods(self) -> list[tuple[datetime.date, int]]:
        """Month, quarter and year that were over last, or that were over when measurements ended."""
        latest = MonthlyValue.objects.aggregate(month=Max("month"))["month"]
        today = timezone.localdate()
        return last_closed_periods(min(add_months(latest, 1), today) if latest else today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = (_("Month"), _("Fiscal quarter"), _("Fiscal year"))
        presets = [
            Preset(str(name), Period(start, months), urlencode({"period_start": f"{start:%Y-%m}", "months": months}))
            for name, (start, months) in zip(names, self.periods(), strict=True)
        ]
        return super().get_context_data(presets=presets, **kwargs)

    def form_valid(self, form: ComputeForm) -> HttpResponse:
        chosen = form.cleaned_data
        try:
            job = request_scorecards(
                period_start=chosen["period_start"],
                months=chosen["months"],
                methodology=chosen["methodology"],
                vendors=chosen["vendors"] or Vendor.objects.editable_by(self.user),
                by=self.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        return HttpResponseRedirect(job.get_absolute_url())


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

    open_to = OFFICE
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
