"""The form of an edition: a methodology and its grades, as many rows as people make."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kernel.forms import ScopedModelForm, form_field
from metrics.editions.drafting import bands_of
from metrics.editions.rules import Rule, band_problems, rules
from metrics.methodologies.figures import Band
from metrics.models import Dimension, Methodology

MOST_GRADES = 12
COLUMNS = {"name": "grade", "start": "from"}
# A number box without the buttons of a counter: what is entered are weights and scores, not clicks.
FIGURE = {"inputmode": "decimal", "autocomplete": "off"}


class FigureField(forms.DecimalField):
    """A figure shown without needless zeros."""

    widget = forms.TextInput(attrs=FIGURE)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class PercentField(FigureField):
    """A share from 0 to 1, written in percent."""

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value * 100 if isinstance(value, Decimal) else value)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # Django's stubs say int
        percent = super().to_python(value)
        return percent if percent is None else percent / 100


def edition_field(field: Any, **kwargs: Any) -> forms.Field | None:
    """The form field of a methodology's column."""
    if field.name.endswith("_weight"):
        kwargs["label"] = Dimension(field.name.removesuffix("_weight")).label
    if field.get_internal_type() == "DecimalField":
        kwargs["form_class"] = FigureField
    return form_field(field, **kwargs)


class EditionForm(ScopedModelForm):
    """An edition that was never used; `bands` are the grades to begin with where it has none of its own yet."""

    minimum_coverage = PercentField(
        label=_("Minimum coverage in percent"),
        max_digits=10,
        decimal_places=9,
        help_text=_("With less of the expected evidence there is no grade; the score is still shown."),
    )
    grades = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_GRADES)

    class Meta:
        model = Methodology
        formfield_callback = edition_field
        help_texts = {
            "name": _("Editions of one name are numbered by themselves."),
            "score_at_target": _("What meeting a target earns of 100; only going beyond it earns more."),
        }

    def __init__(self, *args: Any, bands: Sequence[Band] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            bands = bands_of(self.instance)
        self.initial.setdefault("grades", len(bands))
        for position in range(1, self.rows + 1):
            self._add_row(position, bands[position - 1] if position <= len(bands) else None)
        if self.initial.get("focus") in self.fields:
            self.fields[self.initial["focus"]].widget.attrs["autofocus"] = True

    @property
    def rows(self) -> int:
        """How many grades the form has room for."""
        entered = str(self["grades"].value())
        return min(int(entered), MOST_GRADES) if entered.isascii() and entered.isdigit() else 0

    def _add_row(self, position: int, band: Band | None) -> None:
        number = {"n": position}
        self.fields[f"grade_{position}"] = forms.CharField(
            label=_("Grade %(n)d") % number, max_length=60, initial=band.name if band else None
        )
        self.fields[f"from_{position}"] = FigureField(
            label=_("Grade %(n)d starts at") % number,
            max_digits=12,
            decimal_places=9,
            initial=band.start if band else None,
        )

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        """The boxes of the seven weights."""
        return [self[f"{code}_weight"] for code in Dimension.values]

    @property
    def band_fields(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """Position and boxes of each grade, from the lowest up."""
        return [(n, self[f"grade_{n}"], self[f"from_{n}"]) for n in range(1, self.rows + 1)]

    @property
    def can_grow(self) -> bool:
        """Whether there may be one more grade."""
        return self.rows < MOST_GRADES

    @property
    def bands(self) -> list[Band]:
        """The grades that were entered, once the form is valid."""
        cleaned = self.cleaned_data
        return [Band(cleaned[f"from_{n}"], cleaned[f"grade_{n}"]) for n in range(1, self.rows + 1)]

    def clean(self) -> dict[str, Any]:
        """Say of each grade what is wrong with it, beside its box."""
        cleaned = super().clean() or self.cleaned_data
        names = [f"{column}_{n}" for n in range(1, self.rows + 1) for column in COLUMNS.values()]
        if all(name in cleaned for name in names):
            for problem in band_problems(self.bands):
                self.add_error(f"{COLUMNS[problem.column]}_{problem.position}", problem.words)
        return cleaned

    def rules(self) -> list[Rule]:
        """Every rule, for what stands in the boxes now."""
        return rules(
            {code: self._entered(f"{code}_weight") for code in Dimension.values},
            self._entered("score_at_target"),
            self._entered("minimum_coverage"),
            [self._entered_band(n) for n in range(1, self.rows + 1)],
        )

    def _entered(self, name: str) -> Any:
        """What a box holds, or none where that is nothing that fits in it."""
        try:
            return self.fields[name].clean(self[name].value())
        except ValidationError:
            return None

    def _entered_band(self, position: int) -> Band | None:
        start, name = self._entered(f"from_{position}"), self._entered(f"grade_{position}")
        return None if start is None or name is None else Band(start, name)


def rearranged(entered: QueryDict) -> dict[str, Any]:
    """What was entered, with one grade more after or without the one that the pressed button names.

    `focus` names the box that people then go on with.
    """
    values: dict[str, Any] = {name: entered[name] for name in entered}
    count = _row(values.get("grades", ""))
    rows = [(values.pop(f"grade_{n}", ""), values.pop(f"from_{n}", "")) for n in range(1, count + 1)]
    after, without = _row(values.get("insert", "")), _row(values.get("remove", ""))
    focus = ""
    if 0 < after <= count < MOST_GRADES:
        rows.insert(after, ("", ""))
        focus = f"grade_{after + 1}"
    elif 0 < without <= count and count > 1:
        del rows[without - 1]
        focus = f"grade_{min(without, len(rows))}"
    for n, (name, start) in enumerate(rows, start=1):
        values |= {f"grade_{n}": name, f"from_{n}": start}
    return {**values, "grades": len(rows), "focus": focus}


def _row(text: str) -> int:
    return min(int(text), MOST_GRADES) if text.isascii() and text.isdigit() else 0
