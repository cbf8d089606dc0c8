"""Pages about agencies: what they use, what they are after, whom to talk to."""

from typing import Any

from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.filters import AgencyFilterSet
from agencies.forms import AgencyForm
from agencies.models import Agency
from agencies.tables import AgencyTable
from kernel.access import CONTACT_KEEPERS, EDITORS, STAFF_AND_AGENCIES
from kernel.directory.models import Contact, Membership, Organization
from kernel.pages import (
    Action,
    CreatePage,
    DetailPage,
    EditPage,
    ListPage,
    PartCreate,
    PartEdit,
    PartPage,
)
from metrics.models import Outcome
from vendors.models import Contract, Subscription, Vendor

SHOWN = 10


class AgencyList(ListPage):
    """Who is served: each agency with its manager, services, contracts and outcomes."""

    open_to = STAFF_AND_AGENCIES
    model = Agency
    table_class = AgencyTable
    filterset_class = AgencyFilterSet
    export_name = "agencies"
    actions = (Action(_("New agency"), "agencies:agency_create"),)
    nothing_yet = _(
        "Agencies are whom the state's technology serves. Add them first: contracts and outcomes name them."
    )

    def get_queryset(self) -> Any:
        month = Outcome.objects.all().latest_month()
        rows = self.rows().with_manager().with_figures(month)
        return rows.select_related("organization__parent")


class AgencyDetail(DetailPage):
    """One agency: its people, services, contracts and outcomes."""

    open_to = STAFF_AND_AGENCIES
    model = Agency
    slug_field, slug_url_kwarg = "organization__code", "code"
    template_name = "agencies/agency_detail.html"

    def get_queryset(self) -> Any:
        month = Outcome.objects.all().latest_month()
        return self.rows().with_figures(month).select_related("organization__parent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organization, user = self.object.organization, self.user
        month = Outcome.objects.all().latest_month()
        mine = {"agency": organization}
        managers = Membership.objects.in_force().managing().filter(organization=organization)
        subscriptions = Subscription.objects.visible_to(user).in_force().filter(**mine)
        contracts = Contract.objects.visible_to(user).in_force().filter(**mine)
        outcomes = Outcome.objects.visible_to(user).filter(organization=organization, retired_on__isnull=True)
        contacts = Contact.objects.visible_to(user).filter(organization=organization, retired_on__isnull=True)
        return super().get_context_data(
            managers=managers.select_related("user"),
            subscriptions=subscriptions.select_related("service__provider__organization").order_by(
                Lower("service__name")
            )[: SHOWN + 1],
            contracts=contracts.select_related("vendor__organization").heaviest_first()[: SHOWN + 1],
            shown=SHOWN,
            serving=Vendor.objects.visible_to(user).bound_by(contracts, subscriptions).count(),
            outcomes=outcomes.with_standing(month),
            contacts=contacts,
            month=month,
            can_add_contact=user.role in CONTACT_KEEPERS,
            **kwargs,
        )


class AgencyCreate(CreatePage):
    """A new agency."""

    open_to = EDITORS
    model = Agency
    form_class = AgencyForm
    title = _("New agency")
    list_url_name = "agencies:agency_list"


class AgencyUpdate(EditPage):
    """Change an agency."""

    open_to = EDITORS
    model = Agency
    form_class = AgencyForm
    slug_field, slug_url_kwarg = "organization__code", "code"
    title = _("Change agency")


class ContactPage(PartPage):
    """What adding and changing a contact share: they lead back to the agency."""

    open_to = CONTACT_KEEPERS
    model = Contact

    def whole_url(self) -> str:
        return reverse("agencies:agency_detail", args=[self.whole.code])


class ContactCreate(ContactPage, PartCreate):
    """Add a person to talk to at an agency."""

    wholes = Organization.objects.filter(agency__isnull=False)
    adds_to_own = False
    title = _("New contact")


class ContactUpdate(ContactPage, PartEdit):
    """Change or retire a contact."""

    title = _("Change contact")

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(organization__agency__isnull=False)
