"""Forms of the state's rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.forms import ScopedModelForm
from metrics.models import GradeBand
from vendors.models import StateRules


class StateRulesForm(ScopedModelForm):
    """What the state sets for all vendors; grades are named as the state's default methodology names them."""

    GRADES = ("watch_list_grades", "review_grades", "notice_grades")

    class Meta:
        model = StateRules

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
