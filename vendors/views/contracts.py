"""Pages about contracts and what they commit to."""

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kernel.access import Role
from kernel.accounts.models import User
from kernel.pages import EDITORS, STAFF, CreatePage, DetailPage, EditPage, ListPage, changeable
from metrics.models import Outcome, OutcomeSeries
from vendors.agreements import FirstTarget, create_service_level, start_from
from vendors.consequences import WARNED, Consequences, consequences_of, standing_card
from vendors.filters import ContractFilterSet
from vendors.forms import ContractForm, NewServiceLevelForm, ServiceLevelForm
from vendors.levels import over_time
from vendors.models import (
    AmendedTarget,
    Amendment,
    Contract,
    CoSupplier,
    Milestone,
    Payment,
    ServiceLevel,
    ServiceLevelTemplate,
    StateRules,
    Subscription,
)
from vendors.tables import ContractTable
from vendors.timeline import Standing, Timeline

PAYMENTS_SHOWN = 50
PARTIES = STAFF | {Role.AGENCY_MEMBER, Role.VENDOR_MEMBER}


class ContractList(ListPage):
    """Agreements, by party, holder, criticality and end."""

    open_to = PARTIES
    model = Contract
    table_class = ContractTable
    filterset_class = ContractFilterSet
    template_name = "vendors/contract_list.html"
    export_name = "contracts"
    nothing_yet = _(
        "A contract joins one vendor and one agency. On its page you then add the service levels it commits to."
    )

    def get_queryset(self) -> Any:
        return self.rows().select_related("vendor__organization", "agency")


class ContractDetail(DetailPage):
    """One agreement: how far it is, its life in order, what it commits to and what depends on it."""

    open_to = PARTIES
    model = Contract
    template_name = "vendors/contract_detail.html"

    def get_queryset(self) -> Any:
        return self.rows().select_related("vendor__organization", "agency").with_spent()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, contract, today = self.user, self.object, timezone.localdate()
        amended = AmendedTarget.objects.visible_to(user).select_related(
            "target__series__service_level", "target__series__indicator"
        )
        found = Amendment.objects.visible_to(user).filter(contract=contract)
        amendments = list(found.prefetch_related(Prefetch("targets", amended)))
        milestones = list(Milestone.objects.visible_to(user).filter(contract=contract))
        payments = Payment.objects.visible_to(user).filter(contract=contract)
        co_suppliers = CoSupplier.objects.visible_to(user).filter(contract=contract)
        levels = ServiceLevel.objects.visible_to(user).filter(contract=contract).with_latest()
        levels = levels.select_related("series__indicator").order_by("dimension", "series__code")
        changes = [each.value_change for each in amendments if each.value_change is not None]
        return super().get_context_data(
            standing=Standing(contract, contract.spent, today),
            timeline=Timeline(contract, amendments, milestones, today),
            levels=over_time(list(levels), user),
            milestones=milestones,
            changed_by=sum(changes) if changes else None,
            payments=payments.select_related("payer", "payee")[:PAYMENTS_SHOWN],
            payments_in_all=payments.count(),
            co_suppliers=co_suppliers.select_related("vendor__organization"),
            consequences=self.consequences(),
            **dependents_of(contract, user),
            **kwargs,
        )

    def consequences(self) -> Consequences | None:
        """What follows from its vendor's grade, for those who are to know."""
        if self.user.role not in WARNED:
            return None
        return consequences_of(standing_card(self.object.vendor, self.user), StateRules.current())


def dependents_of(contract: Contract, user: User) -> dict[str, Any]:
    """What would feel the end of a contract, as far as the user sees it: three queries."""
    subscriptions = Subscription.objects.visible_to(user).in_force().filter(service__contract=contract)
    measured = OutcomeSeries.objects.filter(series__service_level__contract=contract)
    outcomes = Outcome.objects.visible_to(user).filter(pk__in=measured.values("outcome"), retired_on=None)
    return {
        "services": contract.services.visible_to(user),
        "subscriptions": list(
            subscriptions.select_related("agency", "service").order_by("agency__name", "service__name")
        ),
        "outcomes": outcomes.select_related("organization"),
    }


class ContractCreate(CreatePage):
    """A new agreement."""

    open_to = EDITORS
    model = Contract
    form_class = ContractForm
    template_name = "vendors/contract_edit.html"
    title = _("New contract")
    intro = _("The vendor and the agency have to be in the portal first.")
    list_url_name = "vendors:contract_list"


class ContractUpdate(EditPage):
    """Change an agreement."""

    open_to = EDITORS
    model = Contract
    form_class = ContractForm
    template_name = "vendors/contract_edit.html"
    title = _("Change contract")


class ServiceLevelCreate(CreatePage):
    """Commit the contract to one more service level."""

    open_to = EDITORS
    model = ServiceLevel
    form_class = NewServiceLevelForm
    part_of = "contract"
    title = _("New service level")
    intro = _("What the contract commits to, and the target it starts with.")
    template_name = "vendors/service_level_create.html"

    @cached_property
    def contract(self) -> Contract:
        """The contract the URL names."""
        contract: Contract = changeable(Contract.objects.all(), self.user, pk=self.kwargs["pk"])
        return contract

    @cached_property
    def templates(self) -> list[ServiceLevelTemplate]:
        """What it may start from."""
        return list(ServiceLevelTemplate.objects.visible_to(self.user).offered())

    @cached_property
    def chosen(self) -> ServiceLevelTemplate | None:
        """The template that the address names; none that is not offered."""
        wanted = self.request.GET.get("template")
        return next((each for each in self.templates if each.code == wanted), None)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": ServiceLevel(contract=self.contract)}

    def get_initial(self) -> dict[str, Any]:
        return {} if self.chosen is None else start_from(self.chosen, self.contract)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(templates=self.templates, chosen=self.chosen, **kwargs)

    def save(self, form: Any) -> ServiceLevel:
        entered = form.cleaned_data
        target = None
        if entered["target"] is not None:
            effective_from = entered["target_from"] or entered["first_month"]
            target = FirstTarget(effective_from, entered["target"], entered["floor"], entered["stretch"])
        names = ("code", "indicator", "service", "dimension", "weight", "first_month", "last_month")
        return create_service_level(
            contract=form.instance.contract, by=self.user, target=target, **{n: entered[n] for n in names}
        )

    def cancel_url(self) -> str:
        return reverse("vendors:contract_detail", args=[self.kwargs["pk"]])


class ServiceLevelUpdate(EditPage):
    """Change weight, dimension or months in force."""

    open_to = EDITORS
    model = ServiceLevel
    form_class = ServiceLevelForm
    slug_field, slug_url_kwarg = "series__code", "code"
    title = _("Change service level")
    intro = _("Scorecards that were published stay as they are; the periods it touches are computed again as drafts.")
