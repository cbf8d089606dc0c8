"""Forms of amendments, milestones and payments."""

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kernel.forms import MonthFormField, ScopedModelForm
from metrics.models import Target
from vendors.contract_parts.amending import TargetChange
from vendors.forms.service_levels import figure
from vendors.models import Amendment, Milestone, Payment, ServiceLevel


class AmendmentForm(ScopedModelForm):
    """What was written of an amendment of the page's contract."""

    class Meta:
        model = Amendment
        exclude: tuple[str, ...] = ("is_renewal",)
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
        exclude = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract = self.instance.contract
        if contract.can_renew and contract.renewed_until is not None:
            day = {"day": date_format(contract.renewed_until)}
            self.fields["is_renewal"].help_text = _("It uses a renewal; without a new end it lasts to %(day)s.") % day
        elif not contract.can_renew:
            del self.fields["is_renewal"]
        levels = contract.service_levels.in_force().with_latest()
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
        """A new target has a month, and figures in the right order."""
        cleaned = super().clean() or self.cleaned_data
        for level in self.levels:
            self._check(level, cleaned.get("targets_from"))
        is_agreed = any(self._figures(level)["target"] is not None for level in self.levels)
        if is_agreed and cleaned.get("targets_from") is None and "targets_from" not in self.errors:
            self.add_error("targets_from", _("Choose the month from which the new targets count."))
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
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}


class PaymentForm(ScopedModelForm):
    """What was paid under the page's contract."""

    class Meta:
        model = Payment
        exclude = ("payer_name", "payee_name")
