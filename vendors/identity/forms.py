"""Forms of vendor identity."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.directory.models import Organization
from kernel.forms import LongSelect
from vendors.models import LikelyDuplicate, Vendor


def name_with_code(organization: Organization) -> str:
    """Two may have the same name."""
    return f"{organization.name} ({organization.code})"


class DecisionForm(forms.Form):
    """Which of two to keep, and why."""

    keep = forms.ModelChoiceField(
        Vendor.objects.none(), label=_("Keep the page and code of"), widget=forms.RadioSelect, empty_label=None
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("Who reads the history later will be glad of it. May be left empty."),
    )

    def __init__(self, *args: Any, pair: LikelyDuplicate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Vendor.objects.filter(pk__in=[pair.one_id, pair.other_id])
        self.fields["keep"].queryset = rows.select_related("organization").order_by("pk")  # type: ignore[attr-defined]
        self.fields["keep"].label_from_instance = lambda vendor: name_with_code(vendor.organization)  # type: ignore[attr-defined]


class CompareForm(forms.Form):
    """Two vendors that somebody holds for one, each by its organization."""

    one = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Vendor"), to_field_name="code", widget=LongSelect
    )
    other = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Maybe the same"), to_field_name="code", widget=LongSelect
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vendors = Organization.objects.filter(vendor__in=Vendor.objects.editable_by(user).order_by().values("pk"))
        for field in self.fields.values():
            field.queryset = vendors  # type: ignore[attr-defined]
            field.label_from_instance = name_with_code  # type: ignore[attr-defined]
            field.empty_label = _("Choose one")  # type: ignore[attr-defined]
