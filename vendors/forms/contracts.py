"""Forms of contracts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.forms import ScopedModelForm
from vendors.models import Contract


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
