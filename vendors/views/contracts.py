"""Pages about contracts and what they commit to."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brm_portal.access import Role
from brm_portal.pages import EDITORS, STAFF, CreatePage, DetailPage, EditPage, ListPage, changeable
from vendors.agreements import FirstTarget, create_service_level
from vendors.consequences import WARNED, Consequences, consequences_of, standing_card
from vendors.filters import ContractFilterSet
from vendors.forms import ContractForm, NewServiceLevelForm, ServiceLevelForm
from vendors.models import Amendment, Contract, CoSupplier, Milestone, Payment, ServiceLevel, StateRules
from vendors.tables import ContractTable

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
    """One agreement: parties, money, dates, what became of it, and the service levels it commits to."""

    open_to = PARTIES
    model = Contract
    template_name = "vendors/contract_detail.html"

    def get_queryset(self) -> Any:
        return self.rows().select_related("vendor__organization", "agency").with_spent()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        payments = Payment.objects.visible_to(self.user).filter(contract=self.object)
        co_suppliers = CoSupplier.objects.visible_to(self.user).filter(contract=self.object)
        service_levels = ServiceLevel.objects.visible_to(self.user).filter(contract=self.object).with_latest()
        services = self.object.services.visible_to(self.user)
        return super().get_context_data(
            service_levels=service_levels.select_related("series__indicator").order_by("dimension", "series__code"),
            services=services,
            amendments=Amendment.objects.visible_to(self.user).filter(contract=self.object),
            milestones=Milestone.objects.visible_to(self.user).filter(contract=self.object),
            payments=payments.select_related("payer", "payee")[:PAYMENTS_SHOWN],
            payments_in_all=payments.count(),
            co_suppliers=co_suppliers.select_related("vendor__organization"),
            consequences=self.consequences(),
            **kwargs,
        )

    def consequences(self) -> Consequences | None:
        """What follows from its vendor's grade, for those who are to know."""
        if self.user.role not in WARNED:
            return None
        return consequences_of(standing_card(self.object.vendor, self.user), StateRules.current())


class ContractCreate(CreatePage):
    """A new agreement."""

    open_to = EDITORS
    model = Contract
    form_class = ContractForm
    title = _("New contract")
    intro = _("The vendor and the agency have to be in the portal first.")
    list_url_name = "vendors:contract_list"


class ContractUpdate(EditPage):
    """Change an agreement."""

    open_to = EDITORS
    model = Contract
    form_class = ContractForm
    title = _("Change contract")


class ServiceLevelCreate(CreatePage):
    """Commit the contract to one more service level."""

    open_to = EDITORS
    model = ServiceLevel
    form_class = NewServiceLevelForm
    part_of = "contract"
    title = _("New service level")
    intro = _("What the contract commits to, and the target it starts with.")

    def contract(self) -> Contract:
        """The contract the URL names."""
        return changeable(Contract.objects.all(), self.user, pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": ServiceLevel(contract=self.contract())}

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
