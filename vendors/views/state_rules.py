"""The page on which the CIO's office changes what it has set for all vendors."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import OFFICE
from kernel.pages import EditPage
from vendors.forms.state_rules import StateRulesForm
from vendors.models import StateRules


class StateRulesUpdate(EditPage):
    """When a vendor counts as large and as critical, and what follows from a low grade."""

    open_to = OFFICE
    model = StateRules
    form_class = StateRulesForm
    title = _("Rules for all vendors")
    intro = _(
        "The first two divide vendors into the four segments. Those about grades say what follows from a low one; it is"
        " shown on the pages of the vendor and of its contracts, with the reason. The last lets the portal merge"
        " vendors that are one under two names; each merge can be undone."
    )
    list_url_name = "vendors:segments"
    success_message = _("The rules are changed.")

    def get_object(self, queryset: Any = None) -> Any:
        self.kwargs["pk"] = StateRules.objects.get_or_create(pk=StateRules.current().pk)[0].pk
        return super().get_object(queryset)

    def subject(self, row: Any) -> str:
        return ""

    def cancel_url(self) -> str:
        return reverse(self.list_url_name)
