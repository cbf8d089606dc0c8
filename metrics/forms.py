"""Forms of measuring."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.forms import ScopedModelForm, form_field
from metrics.models import Indicator, Measurement, Outcome, OutcomeSeries, Series, Target


class IndicatorForm(ScopedModelForm):
    """What can be measured."""

    class Meta:
        model = Indicator
        fields = ("code", "name", "description", "unit", "direction", "aggregation", "cadence", "retired_on")
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields["code"].disabled = True


class TargetForm(ScopedModelForm):
    """What was agreed for a series from a month on; the series is the page's."""

    class Meta:
        model = Target
        fields = ("effective_from", "floor", "target", "stretch", "reason")
        formfield_callback = form_field


class MeasurementForm(ScopedModelForm):
    """One observation; the series is the page's."""

    class Meta:
        model = Measurement
        fields = ("observed_on", "value", "numerator", "denominator", "reference", "comment")
        formfield_callback = form_field
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

    class Meta:
        model = Outcome
        fields = ("code", "organization", "name", "description", "retired_on")
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = self.fields["organization"].queryset.filter(agency__isnull=False)  # type: ignore[attr-defined]
        self.fields["organization"].queryset = agencies  # type: ignore[attr-defined]
        if self.instance.pk is not None:
            self.fields["code"].disabled = True


class OutcomeSeriesForm(ScopedModelForm):
    """Which series measures an outcome; the outcome is the page's."""

    class Meta:
        model = OutcomeSeries
        fields = ("series", "weight")
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Series.objects.visible_to(self.user).filter(agency=self.instance.outcome.organization)
        self.fields["series"].queryset = own.select_related("indicator")  # type: ignore[attr-defined]
