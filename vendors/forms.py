"""Forms of the supply side."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from brm_portal.directory.forms import ProfileForm
from brm_portal.directory.models import code_validator
from brm_portal.forms import MonthFormField, ScopedModelForm, form_field
from metrics.models import GradeBand, Indicator, Series
from vendors.models import Contract, Integration, Service, ServiceLevel, StateRules, Subscription, Vendor


class VendorForm(ProfileForm):
    """A vendor and its organization."""

    class Meta:
        model = Vendor
        fields = ("kind", "segment", "website")
        formfield_callback = form_field


class ContractForm(ScopedModelForm):
    """An agreement; its parties are fixed once it has service levels."""

    class Meta:
        model = Contract
        fields = (
            "number",
            "title",
            "description",
            "vendor",
            "agency",
            "kind",
            "category",
            "status",
            "value",
            "currency",
            "signed_on",
            "starts_on",
            "ends_on",
            "notice_period",
            "notice_unit",
            "renewal_months",
            "renewals_left",
            "renews_automatically",
            "criticality",
            "holder",
        )
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["vendor"].queryset.select_related("organization")  # type: ignore[attr-defined]
        self.fields["vendor"].queryset = choices  # type: ignore[attr-defined]
        if self.instance.pk is None or not self.instance.service_levels.exists():
            return
        for name in ("vendor", "agency"):
            self.fields[name].disabled = True
            self.fields[name].help_text = _(
                "Fixed: this contract has service levels. Another party is another contract."
            )


class ServiceForm(ScopedModelForm):
    """A service in the catalogue."""

    class Meta:
        model = Service
        fields = (
            "code",
            "name",
            "description",
            "provider",
            "contract",
            "lifecycle",
            "yearly_spending",
            "currency",
        )
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["provider"].queryset.select_related("organization")  # type: ignore[attr-defined]
        self.fields["provider"].queryset = choices  # type: ignore[attr-defined]
        if self.instance.pk is not None:
            self.fields["code"].disabled = True


class SubscriptionForm(ScopedModelForm):
    """An agency's use of the page's service."""

    class Meta:
        model = Subscription
        fields = ("agency", "starts_on", "ends_on")
        formfield_callback = form_field


class StateRulesForm(ScopedModelForm):
    """What the state sets for all vendors; grades are named as the state's default methodology names them."""

    GRADES = ("watch_list_grades", "review_grades", "notice_grades")

    class Meta:
        model = StateRules
        fields = ("spending_from", "criticality_from", "watch_list_grades", "review_grades", "notice_grades")
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = list(GradeBand.objects.filter(methodology__is_default=True).values_list("name", flat=True))
        choices = [(0, _("No grade")), *((count, _reach(names[:count])) for count in range(1, len(names)))]
        for name in self.GRADES:
            field = self.fields[name]
            known = {choice for choice, _words in choices}
            kept = getattr(self.instance, name)
            extra = [] if kept in known else [(kept, _("The lowest %(n)d grades") % {"n": kept})]
            self.fields[name] = forms.TypedChoiceField(
                label=field.label, help_text=field.help_text, choices=[*choices, *extra], coerce=int
            )


def _reach(names: list[str]) -> str:
    """The lowest grades in words."""
    return names[0] if len(names) == 1 else _("%(grade)s and lower") % {"grade": names[-1]}


class IntegrationForm(ScopedModelForm):
    """Which integrator orchestrates the page's vendor, or one service of it."""

    class Meta:
        model = Integration
        fields = ("integrator", "service", "starts_on", "ends_on")
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["service"].queryset.filter(provider=self.instance.supplier)  # type: ignore[attr-defined]
        self.fields["service"].queryset = own  # type: ignore[attr-defined]


class ServiceLevelForm(ScopedModelForm):
    """What the page's contract commits to; its months in force, weight and dimension."""

    class Meta:
        model = ServiceLevel
        fields = ("service", "dimension", "weight", "first_month", "last_month")
        formfield_callback = form_field

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
    target = forms.DecimalField(
        label=_("Target"),
        required=False,
        max_digits=30,
        decimal_places=9,
        help_text=_("What was agreed. Without a target it is measured but not scored."),
    )
    floor = forms.DecimalField(
        label=_("Floor"),
        required=False,
        max_digits=30,
        decimal_places=9,
        help_text=_("At or beyond it, attainment is 0."),
    )
    stretch = forms.DecimalField(
        label=_("Stretch"),
        required=False,
        max_digits=30,
        decimal_places=9,
        help_text=_("At or beyond it, attainment is 100."),
    )

    field_order = ("code", "indicator", "service", "dimension", "weight", "first_month", "last_month")

    def clean_code(self) -> str:
        """Refuse a code that another series has, whoever may see it."""
        code: str = self.cleaned_data["code"]
        if Series.objects.filter(code=code).exists():
            raise forms.ValidationError(_("This code is taken. Choose another."), code="taken")
        return code

    def clean(self) -> dict[str, Any]:
        """Floor and stretch need a target between them."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("target") is None and (cleaned.get("floor") is not None or cleaned.get("stretch") is not None):
            self.add_error("target", _("Give the target too: floor and stretch lie on its two sides."))
        return cleaned
