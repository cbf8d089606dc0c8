"""Asking for scorecards to be computed: the page says what will happen, a job does it."""

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Max
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from kernel.accounts.models import User
from kernel.forms import MonthFormField
from kernel.pages import EDITORS, Page
from metrics.models import Methodology, MonthlyValue
from metrics.scoring import add_months
from vendors.computing import request_scorecards
from vendors.models import Vendor
from vendors.operations import last_closed_periods
from vendors.periods import Period


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

    def clean_period_start(self) -> datetime.date:
        """No period that lies wholly ahead."""
        month: datetime.date = self.cleaned_data["period_start"]
        if month > timezone.localdate():
            raise forms.ValidationError(_("This month has not begun yet."))
        return month


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
        job = request_scorecards(
            period_start=chosen["period_start"],
            months=chosen["months"],
            methodology=chosen["methodology"],
            vendors=chosen["vendors"] or Vendor.objects.editable_by(self.user),
            by=self.user,
        )
        return HttpResponseRedirect(job.get_absolute_url())
