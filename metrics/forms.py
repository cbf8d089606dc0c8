"""Forms of measuring."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.forms import ScopedModelForm
from metrics.models import Measurement, Outcome, OutcomeSeries, Series


class MeasurementForm(ScopedModelForm):
    """One observation; the series is the page's."""

    field_order = ("observed_on", "value", "numerator", "denominator", "reference")

    class Meta:
        model = Measurement
        widgets = {"comment": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.instance.series.indicator.figures_not_taken():
            del self.fields[name]
            # Nobody could empty what the form does not show.
            setattr(self.instance, name, None)
        for name in {"value", "numerator", "denominator"} & set(self.fields):
            self.fields[name].required = True
        if "value" in self.fields and self.instance.series.indicator.unit:
            unit = {"unit": self.instance.series.indicator.unit}
            self.fields["value"].help_text = _("In %(unit)s.") % unit


class ReasonForm(forms.Form):
    """Why a measurement is excluded, or admitted again."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("Everyone who sees the measurement may read it later.")
    )


class OutcomeForm(ScopedModelForm):
    """The change an investment is for."""

    field_order = ("code", "organization")

    class Meta:
        model = Outcome

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = self.fields["organization"].queryset.filter(agency__isnull=False)  # type: ignore[attr-defined]
        self.fields["organization"].queryset = agencies  # type: ignore[attr-defined]


class OutcomeSeriesForm(ScopedModelForm):
    """Which series measures an outcome; the outcome is the page's."""

    class Meta:
        model = OutcomeSeries

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Series.objects.visible_to(self.user).filter(agency=self.instance.outcome.organization)
        self.fields["series"].queryset = own.select_related("indicator")  # type: ignore[attr-defined]
