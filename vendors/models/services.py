"""Services, subscriptions to them, and integrations of them."""

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import AGENCIES_AND_VENDORS, PARTNERS, SUPPLIERS
from kernel.constraints import no_overlap
from kernel.directory.models import Organization, code_validator
from kernel.editing import MoneyField, Versioned, raise_version
from kernel.in_force import ends_after_start
from kernel.searching import SearchableWords
from kernel.tracking import told, tracked
from vendors.models.contracts import Contract
from vendors.models.money import currency_validator, default_currency
from vendors.models.vendors import Vendor
from vendors.querysets.services import IntegrationQuerySet, ServiceQuerySet, SubscriptionQuerySet


@told(parts=("subscriptions",), to=PARTNERS)
@tracked()
class Service(Versioned):
    """One service in the catalogue, from pipeline to retirement."""

    WRITTEN = ("code", "name", "description", "provider", "contract", "lifecycle", "yearly_spending", "currency")
    KEY = "code"
    REFERENCE = ("code", "name")
    UNTOLD = ("contract", "yearly_spending", "currency")  # not everybody who sees a service sees these

    class Lifecycle(models.TextChoices):
        IDEA = "idea", _("Pipeline: idea")
        BUSINESS_CASE = "business_case", _("Pipeline: business case")
        IN_DELIVERY = "in_delivery", _("Pipeline: in delivery")
        LIVE = "live", _("Live")
        RETIRING = "retiring", _("Retiring")
        RETIRED = "retired", _("Retired")

    code = models.CharField(_("code"), max_length=120, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=500)
    description = models.TextField(_("description"), blank=True)
    provider = models.ForeignKey(Vendor, models.PROTECT, related_name="services", verbose_name=_("provider"))
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("contract"),
        help_text=_("The agreement it is delivered under."),
    )
    lifecycle = models.CharField(_("lifecycle"), max_length=14, choices=Lifecycle.choices, default=Lifecycle.LIVE)
    yearly_spending = MoneyField(
        _("yearly spending"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3, default=default_currency, validators=[currency_validator])

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = [Lower("name"), "code"]
        indexes = [
            models.Index(fields=["lifecycle"], name="service_lifecycle"),
            models.Index(Lower("name"), "code", name="service_by_name"),
            GinIndex(SearchableWords("code", "name", "description"), name="service_words"),
        ]
        triggers = [raise_version]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vendors:service_detail", args=[self.code])

    def clean(self) -> None:
        """A service is delivered under a contract of its own provider."""
        if self.contract is not None and self.provider_id and self.contract.vendor_id != self.provider_id:
            message = _("This contract is with another vendor. Choose one of the provider's.")
            raise ValidationError({"contract": message})


@told(named_by=("agency", "starts_on"), to=AGENCIES_AND_VENDORS)
@tracked()
class Subscription(Versioned):
    """One agency's use of one service, for a time."""

    WRITTEN = ("agency", "service", "starts_on", "ends_on")
    PART_OF = "service"

    agency = models.ForeignKey(Organization, models.PROTECT, related_name="subscriptions", verbose_name=_("agency"))
    service = models.ForeignKey(Service, models.PROTECT, related_name="subscriptions", verbose_name=_("service"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("Empty: until further notice."))

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["service", "agency", "-starts_on"]
        constraints = [
            ends_after_start("subscription_ends_after_start"),
            no_overlap(
                "subscription_once_at_a_time",
                "agency",
                "service",
                message=_("This agency already subscribes to this service in that time."),
            ),
        ]
        triggers = [raise_version]

    def __str__(self) -> str:
        return f"{self.agency} · {self.service}"


@told(named_by=("integrator", "service"), to=SUPPLIERS)
@tracked()
class Integration(Versioned):
    """One multisource integrator's charge: a supplier, or a single service of it, that it orchestrates."""

    WRITTEN = ("integrator", "supplier", "service", "starts_on", "ends_on")
    PART_OF = "supplier"

    integrator = models.ForeignKey(
        Organization, models.PROTECT, related_name="integrations_led", verbose_name=_("integrator (MSI)")
    )
    supplier = models.ForeignKey(Vendor, models.PROTECT, related_name="integrations", verbose_name=_("supplier"))
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="integrations",
        verbose_name=_("service"),
        help_text=_("Empty: all services of the supplier."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("Empty: until further notice."))

    objects = IntegrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("integration")
        verbose_name_plural = _("integrations")
        ordering = ["integrator", "supplier", "service", "-starts_on"]
        constraints = [ends_after_start("integration_ends_after_start")]
        triggers = [raise_version]

    def __str__(self) -> str:
        return f"{self.integrator} · {self.supplier}"

    def clean(self) -> None:
        """What is orchestrated of a supplier is one of its own services."""
        if self.service is not None and self.service.provider_id != self.supplier_id:
            raise ValidationError({"service": _("This service is another vendor's. Choose one of the supplier's.")})
