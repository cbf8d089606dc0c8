"""Forms of the supply side."""

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kernel.directory.forms import ProfileForm
from kernel.directory.models import code_validator
from kernel.forms import MonthFormField, ScopedModelForm, form_field
from metrics.models import GradeBand, Indicator, Series, Target
from vendors.amending import TargetChange
from vendors.models import (
    Amendment,
    Contract,
    Integration,
    Milestone,
    Payment,
    Service,
    ServiceLevel,
    ServiceLevelTemplate,
    StateRules,
    Subscription,
    Vendor,
)


def figure(label: Any, help_text: Any = "") -> forms.DecimalField:
    """The box of a figure that need not be given."""
    return forms.DecimalField(label=label, required=False, max_digits=30, decimal_places=9, help_text=help_text)


class VendorForm(ProfileForm):
    """A vendor and its organization."""

    class Meta:
        model = Vendor
        fields = ("kind", "segment", "website")
        formfield_callback = form_field


class ContractForm(ScopedModelForm):
    """An agreement; its parties are fixed once it has service levels."""

    GROUPS = (
        (
            _("What and between whom"),
            ("number", "title", "description", "vendor", "agency", "kind", "category", "status"),
        ),
        (_("What it is worth"), ("value", "currency")),
        (_("From when to when"), ("signed_on", "starts_on", "ends_on")),
        (
            _("Notice and renewal"),
            ("notice_period", "notice_unit", "renewal_months", "renewals_left", "renews_automatically"),
        ),
    )

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

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The boxes by what they are about."""
        grouped = {name for _title, names in self.GROUPS for name in names}
        others = [field.name for field in self.visible_fields() if field.name not in grouped]
        return [(title, [self[name] for name in names]) for title, names in (*self.GROUPS, (_("Besides"), others))]


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
        fields = (
            "spending_from",
            "criticality_from",
            "watch_list_grades",
            "review_grades",
            "notice_grades",
            "merge_from",
        )
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
    target = figure(_("Target"), _("What was agreed. Without a target it is measured but not scored."))
    floor = figure(_("Floor"), _("At or beyond it, attainment is 0."))
    stretch = figure(_("Stretch"), _("At or beyond it, attainment is 100."))

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


class TemplateForm(ScopedModelForm):
    """What service levels may start from."""

    class Meta:
        model = ServiceLevelTemplate
        fields = (
            "code",
            "name",
            "description",
            "indicator",
            "dimension",
            "weight",
            "floor",
            "target",
            "stretch",
            "retired_on",
        )
        formfield_callback = form_field
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields["code"].disabled = True


class AmendmentForm(ScopedModelForm):
    """What was written of an amendment of the page's contract."""

    class Meta:
        model = Amendment
        fields: tuple[str, ...] = ("reference", "signed_on", "description", "reason", "value_change", "new_ends_on")
        formfield_callback = form_field
        widgets = {"description": forms.Textarea(attrs={"rows": 2}), "reason": forms.Textarea(attrs={"rows": 2})}

    @property
    def facts(self) -> dict[str, Any]:
        """What was entered of the amendment itself, once the form is valid."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.fields}


@dataclass(frozen=True)
class LevelRow:
    """One service level in the form of an amendment, with its boxes."""

    level: ServiceLevel
    boxes: list[forms.BoundField]


class NewAmendmentForm(AmendmentForm):
    """A new amendment, with what it agrees for the contract's service levels from a month on."""

    BOXES = {"target": _("New target"), "floor": _("New floor"), "stretch": _("New stretch")}
    targets_from = MonthFormField(
        label=_("New targets from"), required=False, help_text=_("The first month in which the new targets count.")
    )

    class Meta(AmendmentForm.Meta):
        fields = (*AmendmentForm.Meta.fields, "is_renewal")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract = self.instance.contract
        if contract.can_renew and contract.renewed_until is not None:
            day = {"day": date_format(contract.renewed_until)}
            self.fields["is_renewal"].help_text = _("It uses a renewal; without a new end it lasts to %(day)s.") % day
        elif not contract.can_renew:
            del self.fields["is_renewal"]
        levels = contract.service_levels.in_force(timezone.localdate().replace(day=1)).with_latest()
        self.levels = list(levels.select_related("series__indicator"))
        for level in self.levels:
            for name, label in self.BOXES.items():
                words = format_html('{}<span class="visually-hidden"> {}</span>', label, level.code)
                self.fields[f"{name}_{level.pk}"] = figure(words)
        if not self.levels:
            del self.fields["targets_from"]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The boxes that are about the amendment itself."""
        return [self[name] for name in self._meta.fields or () if name in self.fields]

    @property
    def level_rows(self) -> list[LevelRow]:
        """The service levels with their boxes."""
        return [LevelRow(level, [self[f"{name}_{level.pk}"] for name in self.BOXES]) for level in self.levels]

    @property
    def target_changes(self) -> list[TargetChange]:
        """What was entered for service levels, once the form is valid."""
        if not self.levels:
            return []
        month = self.cleaned_data["targets_from"]
        figures = {level: self._figures(level) for level in self.levels}
        return [TargetChange(level, month, **each) for level, each in figures.items() if each["target"] is not None]

    def _figures(self, level: ServiceLevel) -> dict[str, Any]:
        return {name: self.cleaned_data.get(f"{name}_{level.pk}") for name in self.BOXES}

    def clean(self) -> dict[str, Any]:
        """A new target has a month, a reason, and figures in the right order."""
        cleaned = super().clean() or self.cleaned_data
        for level in self.levels:
            self._check(level, cleaned.get("targets_from"))
        if any(self._figures(level)["target"] is not None for level in self.levels):
            if cleaned.get("targets_from") is None and "targets_from" not in self.errors:
                self.add_error("targets_from", _("Choose the month from which the new targets count."))
            if not cleaned.get("reason"):
                self.add_error("reason", _("Say why service levels change: it stands in their target history."))
        return cleaned

    def _check(self, level: ServiceLevel, month: datetime.date | None) -> None:
        figures = self._figures(level)
        if figures["target"] is None:
            if figures["floor"] is not None or figures["stretch"] is not None:
                message = _("Give the target too: floor and stretch lie on its two sides.")
                self.add_error(f"target_{level.pk}", message)
            return
        if month is None:
            return
        target = Target(series=level.series, effective_from=month, **figures)
        try:
            target.full_clean()
        except forms.ValidationError as error:
            self.add_error(f"target_{level.pk}", error.messages)


class MilestoneForm(ScopedModelForm):
    """What the page's contract is to reach."""

    class Meta:
        model = Milestone
        fields = ("reference", "title", "description", "due_on", "met_on", "status")
        formfield_callback = form_field
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}


class PaymentForm(ScopedModelForm):
    """What was paid under the page's contract."""

    class Meta:
        model = Payment
        fields = ("reference", "paid_on", "amount", "currency", "payer", "payee")
        formfield_callback = form_field
