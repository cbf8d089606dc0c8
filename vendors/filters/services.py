"""Filters of services, subscriptions and integrations."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.directory.models import Organization
from kernel.filters import CodeFilter, InForceFilter, OrganizationFilter, ScopedFilterSet, SearchFilter
from vendors.models import Integration, Service, Subscription, Vendor


class ServiceFilterSet(ScopedFilterSet):
    """Services."""

    search = SearchFilter(fields=("code", "name"))
    provider = OrganizationFilter(label=_("Provider"), field_name="provider__organization", known=Vendor.objects.all())
    agency = OrganizationFilter(
        label=_("Used by agency"),
        field_name="agency",
        named_by=Subscription.objects.all(),
        method="filter_agency",
    )

    class Meta:
        model = Service
        fields = ["search", "provider", "agency", "lifecycle"]

    def filter_agency(self, rows: QuerySet[Service], name: str, agency: Organization) -> QuerySet[Service]:
        """Services that the agency subscribes to today, as far as the user sees that."""
        assert self.request is not None
        subscriptions = Subscription.objects.visible_to(self.request.user).in_force().filter(agency=agency)
        return rows.filter(pk__in=subscriptions.order_by().values("service"))


class SubscriptionFilterSet(ScopedFilterSet):
    """Subscriptions."""

    agency = OrganizationFilter(label=_("Agency"), field_name="agency")
    service = CodeFilter(label=_("Service"), queryset=Service.objects.all())
    provider = OrganizationFilter(
        label=_("Provider"), field_name="service__provider__organization", known=Vendor.objects.all()
    )
    in_force = InForceFilter()

    class Meta:
        model = Subscription
        fields = ["agency", "service", "provider", "in_force"]


class IntegrationFilterSet(ScopedFilterSet):
    """Integrations."""

    integrator = OrganizationFilter(label=_("Integrator (MSI)"), field_name="integrator")
    supplier = OrganizationFilter(label=_("Supplier"), field_name="supplier__organization", known=Vendor.objects.all())
    service = CodeFilter(label=_("Service"), queryset=Service.objects.all())
    in_force = InForceFilter()

    class Meta:
        model = Integration
        fields = ["integrator", "supplier", "service", "in_force"]
