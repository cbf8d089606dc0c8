"""Forms of tables: which file of whom it is, and what its columns mean."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.uploads.forms import UploadForm
from vendors.imports.tables.fields import SHAPES
from vendors.imports.tables.guessing import Glance, guess
from vendors.models import ContractImport, TableMapping

Holds = ContractImport.Holds


class TableImportForm(UploadForm):
    """A table, what is in it, and who keeps it."""

    file = forms.FileField(
        label=_("CSV or XLSX file"),
        help_text=_(
            "The first row names the columns. What they mean you say on the next page; nothing is written yet."
        ),
    )
    holds = forms.ChoiceField(
        label=_("What is in it"),
        choices=[(Holds.CONTRACT_TABLE, _("Contracts and their amendments")), (Holds.PAYMENT_TABLE, _("Payments"))],
        initial=Holds.CONTRACT_TABLE,
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=60,
        help_text=_(
            "Who keeps such tables, as “City of Springfield”. Tables of one source update each other, and what its"
            " columns mean is remembered."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = TableMapping.objects.order_by("source").values_list("source", flat=True).distinct()
        self.fields["source"].widget.attrs |= {"list": "sources", "autocomplete": "off"}


class ColumnsForm(forms.Form):
    """Which column each thing is read from, and what the table itself does not say."""

    def __init__(self, *args: Any, holds: str, seen: Glance, known: TableMapping, **kwargs: Any) -> None:
        self.shape = SHAPES[holds]
        super().__init__(*args, **kwargs)
        chosen = guess(seen, self.shape, known.columns)
        choices = [("", _("Not in this table")), *((header, header) for header in seen.headers)]
        for each in self.shape.fields:
            self.fields[each.name] = forms.ChoiceField(
                label=str(each.label),
                help_text=str(each.help),
                choices=choices,
                required=False,
                initial=chosen.get(each.name, ""),
            )
        self.mapped = [each.name for each in self.shape.fields]
        self.fields["owner"] = forms.CharField(
            label=_("Agency where no row names one"),
            max_length=250,
            required=False,
            initial=known.agency,
            help_text=_("Its name, as it is known here. Without it such rows are refused."),
        )
        if holds == Holds.CONTRACT_TABLE:
            self.fields["totals"] = forms.ChoiceField(
                label=_("An amount is"),
                choices=[
                    ("", _("by how much the contract's value changes")),
                    ("yes", _("what the contract is worth as of that revision")),
                ],
                initial="yes" if known.totals else "",
                required=False,
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        """`{"columns": {field: header}, "agency": ..., "totals": ...}`; each column means one thing."""
        data: dict[str, Any] = super().clean() or {}
        columns = {name: data[name] for name in self.mapped if data.get(name)}
        for name, header in columns.items():
            if list(columns.values()).count(header) > 1:
                self.add_error(name, _("This column is chosen more than once."))
        if lacking := self.shape.lacking(columns):
            raise forms.ValidationError(_("Choose the column of: %(fields)s."), params={"fields": ", ".join(lacking)})
        return {"columns": columns, "agency": data.get("owner", "").strip(), "totals": data.get("totals") == "yes"}

    def of_columns(self) -> list[Any]:
        """The fields that a column is chosen for."""
        return [self[name] for name in self.mapped]

    def others(self) -> list[Any]:
        """The fields about what no column says."""
        return [self[name] for name in self.fields if name not in self.mapped]
