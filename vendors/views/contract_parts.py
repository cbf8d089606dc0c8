"""Forms about amendments, milestones and payments of a contract."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.access import EDITORS
from kernel.pages import ConfirmPage, PartCreate, PartEdit, PartPage
from kernel.templatetags.ui import money_full
from vendors.contract_parts.amending import (
    amend_contract,
    correct_amendment,
    next_reference,
    remove_amendment,
    remove_part,
)
from vendors.forms.contract_parts import AmendmentForm, MilestoneForm, NewAmendmentForm, PaymentForm
from vendors.models import Amendment, Contract, Milestone, Payment


class ContractPart(PartPage):
    """What pages about parts of a contract share: they lead back to it."""

    open_to = EDITORS


class ContractPartCreate(ContractPart, PartCreate):
    """Add a part to a contract, under the next number."""

    wholes = Contract.objects.select_related("vendor__organization", "agency")

    def get_initial(self) -> dict[str, Any]:
        return {"reference": next_reference(self.model.objects.filter(contract=self.whole))}


class ContractPartRemove(ContractPart, ConfirmPage):
    """Remove a part of a contract."""

    confirm_label = _("Remove")
    success_message = _("Removed. The history keeps it.")
    danger = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("The %(kind)s “%(name)s” of “%(contract)s” is removed; the history keeps it.")
        if self.whole.source is not None:
            words = _(
                "The %(kind)s “%(name)s” of “%(contract)s” is removed. If its source still tells of it, it comes back."
            )
        kind = self.model._meta.verbose_name
        names = {"kind": kind, "name": self.object, "contract": self.whole}
        return super().get_context_data(**{"intro": words % names, **kwargs})

    def act(self, data: dict[str, Any]) -> None:
        remove_part(part=self.object, by=self.user)


class AmendmentCreate(ContractPartCreate):
    """Amend a contract: its value, its end, what its service levels are to reach."""

    model = Amendment
    form_class = NewAmendmentForm
    template_name = "vendors/amendment_edit.html"
    title = _("Amend contract")
    intro = _("What is entered here changes the contract as well, and stands in its timeline.")
    success_message = _("The contract is amended.")

    def save(self, form: Any) -> Amendment:
        return amend_contract(contract=self.whole, by=self.user, targets=form.target_changes, **form.facts)


class AmendmentUpdate(ContractPart, PartEdit):
    """Correct an amendment."""

    model = Amendment
    form_class = AmendmentForm
    title = _("Correct amendment")
    intro = _("Where it was carried out here, the contract's value and end follow. Targets have forms of their own.")

    def save(self, form: Any) -> Amendment:
        return correct_amendment(amendment=form.instance, by=self.user, **form.facts)


class AmendmentRemove(ContractPartRemove):
    """Remove an amendment and take its changes back."""

    model = Amendment
    template_name = "vendors/amendment_remove.html"
    title = _("Remove this amendment?")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, contract = self.object, self.whole
        ends = row.is_applied and row.new_ends_on is not None and contract.ends_on == row.new_ends_on
        value = None
        if row.is_applied and row.value_change and contract.value is not None:
            value = money_full(contract.value - row.value_change, contract.currency)
        targets = row.targets.select_related("target__series__indicator")
        return super().get_context_data(ends=ends, value=value, targets=targets, **kwargs)

    def act(self, data: dict[str, Any]) -> None:
        remove_amendment(amendment=self.object, by=self.user)


class MilestoneCreate(ContractPartCreate):
    """Agree on one more milestone."""

    model = Milestone
    form_class = MilestoneForm
    title = _("New milestone")


class MilestoneUpdate(ContractPart, PartEdit):
    """Change a milestone, or say that it was met."""

    model = Milestone
    form_class = MilestoneForm
    title = _("Change milestone")


class MilestoneRemove(ContractPartRemove):
    """Remove a milestone."""

    model = Milestone
    title = _("Remove this milestone?")


class PaymentCreate(ContractPartCreate):
    """Enter a payment under the contract."""

    model = Payment
    form_class = PaymentForm
    title = _("New payment")
    intro = _("An amount below 0 was paid back.")

    def get_initial(self) -> dict[str, Any]:
        sides = {"payer": self.whole.agency, "payee": self.whole.vendor.organization}
        return {**super().get_initial(), "currency": self.whole.currency, **sides}


class PaymentUpdate(ContractPart, PartEdit):
    """Correct a payment."""

    model = Payment
    form_class = PaymentForm
    title = _("Correct payment")


class PaymentRemove(ContractPartRemove):
    """Remove a payment."""

    model = Payment
    title = _("Remove this payment?")
