"""Forms of service levels and their templates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.directory.models import code_validator
from kernel.forms import MonthFormField, ScopedModelForm
from metrics.models import Indicator
from vendors.models import ServiceLevel, ServiceLevelTemplate


def figure(label: Any, help_text: Any = "") -> forms.DecimalField:
    """The box of a figure that need not be given."""
    return forms.DecimalField(label=label, required=False, max_digits=30, decimal_places=9, help_text=help_text)


class ServiceLevelForm(ScopedModelForm):
    """What the page's contract commits to; its months in force, weight and dimension."""

    class Meta:
        model = ServiceLevel

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = self.fields["service"].queryset.filter(provider=self.instance.contract.vendor_id)  # type: ignore[attr-defined]
        self.fields["service"].queryset = services  # type: ignore[attr-defined]


class NewServiceLevelForm(ServiceLevelForm):
    """A new service level: what is measured, and the first target with it."""

    code = forms.CharField(
        label=_("Code"),
        max_length=120,
        validators=[code_validator],
        help_text=_("Short and unique; measurements refer to it. It does not change."),
    )
    indicator = forms.ModelChoiceField(Indicator.objects.filter(retired_on__isnull=True), label=_("Indicator"))
    target_from = MonthFormField(
        label=_("Target in force from"), required=False, help_text=_("Empty: the first month in force.")
    )
    target = figure(_("Target"), _("What was agreed. Without a target it is measured but not scored."))
    floor = figure(_("Floor"), _("At or beyond it, attainment is 0."))
    stretch = figure(_("Stretch"), _("At or beyond it, attainment is 100."))

    field_order = ("code", "indicator", "service", "dimension", "weight", "first_month", "last_month")

    def clean(self) -> dict[str, Any]:
        """Floor and stretch need a target between them."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("target") is None and (cleaned.get("floor") is not None or cleaned.get("stretch") is not None):
            self.add_error("target", _("Give the target too: floor and stretch lie on its two sides."))
        return cleaned


class TemplateForm(ScopedModelForm):
    """What service levels may start from."""

    class Meta:
        model = ServiceLevelTemplate
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}
