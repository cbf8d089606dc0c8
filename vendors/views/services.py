"""Pages of the service catalogue: services, who uses them, who integrates them."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.access import EDITORS, EVERYONE, OFFICE
from kernel.pages import Action, CreatePage, DetailPage, EditPage, ListPage, PartCreate, PartEdit, PartPage
from vendors.filters.services import ServiceFilterSet
from vendors.forms.services import IntegrationForm
from vendors.models import Integration, Service, ServiceLevel, Subscription, Vendor
from vendors.querysets.services import sees_spending
from vendors.tables.services import ServiceTable


class ServiceList(ListPage):
    """The catalogue."""

    open_to = EVERYONE
    model = Service
    table_class = ServiceTable
    filterset_class = ServiceFilterSet
    export_name = "services"
    actions = (
        Action(_("Import a catalogue"), "vendors:catalogue_import_create", OFFICE, is_main=False),
        Action(_("New service"), "vendors:service_create"),
    )
    nothing_yet = _("Services are what vendors deliver and agencies subscribe to.")

    def get_queryset(self) -> Any:
        return self.rows().select_related("provider__organization").with_subscribers(Subscription.objects.in_force())

    def get_table_kwargs(self) -> dict[str, Any]:
        return {} if sees_spending(self.user) else {"exclude": ("yearly_spending",)}


class ServiceDetail(DetailPage):
    """One service: provider, contract, who uses it, what it is measured by."""

    open_to = EVERYONE
    model = Service
    slug_field, slug_url_kwarg = "code", "code"
    template_name = "vendors/service_detail.html"

    def get_queryset(self) -> Any:
        return self.rows().select_related("provider__organization", "contract")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.user
        subscriptions = Subscription.objects.visible_to(user).in_force().filter(service=self.object)
        service_levels = ServiceLevel.objects.visible_to(user).filter(service=self.object).with_latest()
        contract = self.object.contract
        return super().get_context_data(
            subscriptions=subscriptions.select_related("agency").order_by("agency__name"),
            service_levels=service_levels.select_related("series__indicator").order_by("dimension", "series__code"),
            sees_spending=sees_spending(user),
            contract=contract if contract and type(contract).objects.visible_to(user).contains(contract) else None,
            **kwargs,
        )


class ServiceCreate(CreatePage):
    """A new service."""

    open_to = EDITORS
    model = Service
    title = _("New service")
    list_url_name = "vendors:service_list"


class ServiceUpdate(EditPage):
    """Change a service."""

    open_to = EDITORS
    model = Service
    slug_field, slug_url_kwarg = "code", "code"
    title = _("Change service")


class SubscriptionPage(PartPage):
    """What adding and changing a subscription share: they lead back to the service."""

    open_to = EDITORS
    model = Subscription


class SubscriptionCreate(SubscriptionPage, PartCreate):
    """Let one more agency use a service."""

    wholes = Service.objects.all()
    adds_to_own = False
    title = _("New subscription")

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": timezone.localdate()}


class SubscriptionUpdate(SubscriptionPage, PartEdit):
    """Change or end a subscription."""

    title = _("Change subscription")


class IntegrationPage(PartPage):
    """What adding and changing an integration share: they lead back to the supplier."""

    open_to = EDITORS
    model = Integration
    form_class = IntegrationForm


class IntegrationCreate(IntegrationPage, PartCreate):
    """Put a supplier, or one service of it, into the hands of an integrator."""

    wholes = Vendor.objects.all()
    title = _("New integration")
    intro = _(
        "The integrator's members will see service levels, targets and measurements, but no money and no scorecards."
    )

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": timezone.localdate()}

    def whole_key(self) -> dict[str, Any]:
        return {"organization__code": self.kwargs["code"]}


class IntegrationUpdate(IntegrationPage, PartEdit):
    """Change or end an integration."""

    title = _("Change integration")
