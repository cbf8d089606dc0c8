"""Vendors, the contracts they hold, the services they provide, who uses and who integrates them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.constraints import no_overlap
from kernel.directory.models import Organization, code_validator
from kernel.editing import Versioned, raise_version
from kernel.history.tracking import told, tracked
from kernel.searching import SearchableWords
from vendors.marks import CONTRACT_CHANGED
from vendors.models.terms import TERMS_CONSTRAINTS, TERMS_FACTS, Terms
from vendors.querysets import (
    ContractQuerySet,
    IntegrationQuerySet,
    ServiceQuerySet,
    SubscriptionQuerySet,
    VendorQuerySet,
)

currency_validator = RegexValidator(r"^[A-Z]{3}$", _("Use a three-letter currency code such as USD."))


def default_currency() -> str:
    """The state's own currency."""
    return settings.CURRENCY


def ends_after_start(name: str) -> models.CheckConstraint:
    """The last day does not lie before the first."""
    return models.CheckConstraint(
        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        name=name,
        violation_error_message=_("The last day cannot lie before the first."),
    )


# What partners read of the history of rows they see: not how the office ranks them.
CONTRACT_FACTS = (
    "number",
    "title",
    "description",
    "vendor",
    "agency",
    "kind",
    "category",
    "status",
    "value",
    "currency",
    "signed_on",
    *TERMS_FACTS,
)
SERVICE_FACTS = ("code", "name", "description", "provider", "lifecycle")
SUBSCRIPTION_FACTS = ("agency", "service", "starts_on", "ends_on")
INTEGRATION_FACTS = ("integrator", "supplier", "service", "starts_on", "ends_on")


@told(
    parts=(
        "organization",
        "organization__identifiers",
        "organization__aliases",
        "organization__addresses",
        "organization__contacts",
        "integrations",
    ),
    vendor=("kind", "website"),
)
@tracked()
class Vendor(Versioned):
    """An organization as a supplier: private partner, cross-jurisdictional partner or internal provider."""

    class Kind(models.TextChoices):
        PRIVATE_PARTNER = "private_partner", _("Private partner")
        CROSS_JURISDICTIONAL = "cross_jurisdictional", _("Cross-jurisdictional")
        INTERNAL = "internal", _("Internal provider")

    class Segment(models.TextChoices):
        STRATEGIC = "strategic", _("Strategic")
        TACTICAL = "tactical", _("Tactical")
        OPERATIONAL = "operational", _("Operational")
        COMMODITY = "commodity", _("Commodity")

    organization = models.OneToOneField(
        Organization, models.PROTECT, primary_key=True, related_name="vendor", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    segment = models.CharField(
        _("segment"),
        max_length=12,
        choices=Segment.choices,
        default=Segment.OPERATIONAL,
        help_text=_("How much attention the relationship deserves, most first."),
    )
    declined_segment = models.CharField(
        _("segment that was proposed and declined"),
        max_length=12,
        choices=Segment.choices,
        blank=True,
        editable=False,
        help_text=_("The rules do not propose it again."),
    )
    website = models.URLField(_("website"), blank=True)

    objects = VendorQuerySet.as_manager()

    class Meta:
        verbose_name = _("vendor")
        verbose_name_plural = _("vendors")
        ordering = [Lower("organization__name"), "organization__code"]
        indexes = [
            models.Index(fields=["kind"], name="vendor_kind"),
            models.Index(fields=["segment"], name="vendor_segment"),
        ]
        triggers = [raise_version]

    def __str__(self) -> str:
        return str(self.organization)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vendors:vendor_detail", args=[self.organization.code])


@told(
    parts=("amendments", "milestones", "payments", "co_suppliers"),
    agency=CONTRACT_FACTS,
    vendor=CONTRACT_FACTS,
)
@tracked()
class Contract(Terms, Versioned):
    """One agreement between a vendor and an agency."""

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("Contract")
        INTERNAL_AGREEMENT = "internal_agreement", _("Internal agreement")
        INTERJURISDICTIONAL = "interjurisdictional", _("Agreement with another jurisdiction")

    class Holder(models.TextChoices):
        CIO_OFFICE = "cio_office", _("CIO's office")
        AGENCY = "agency", _("Agency alone")

    class Status(models.TextChoices):
        """As the Open Contracting Data Standard says it."""

        PENDING = "pending", _("Pending: not signed yet")
        ACTIVE = "active", _("Active")
        CANCELLED = "cancelled", _("Cancelled before it was signed")
        TERMINATED = "terminated", _("Terminated: signed, and over")

    class Category(models.TextChoices):
        """The main category of what is procured."""

        GOODS = "goods", _("Goods")
        WORKS = "works", _("Works")
        SERVICES = "services", _("Services")

    number = models.CharField(_("number"), max_length=120, unique=True)
    title = models.CharField(_("title"), max_length=500)
    description = models.TextField(_("description"), blank=True)
    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="contracts", verbose_name=_("vendor"))
    agency = models.ForeignKey(
        Organization, models.PROTECT, related_name="contracts_as_agency", verbose_name=_("agency")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices, default=Kind.CONTRACT)
    category = models.CharField(_("category"), max_length=8, choices=Category.choices, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE)
    value = models.DecimalField(
        _("value"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("What it is worth in all; for internal agreements, in the year."),
    )
    currency = models.CharField(_("currency"), max_length=3, default=default_currency, validators=[currency_validator])
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    criticality = models.PositiveSmallIntegerField(
        _("criticality"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("1 (little depends on it) to 5 (the state stops without it); it weighs the scorecard's lines."),
    )
    holder = models.CharField(
        _("held by"),
        max_length=12,
        choices=Holder.choices,
        default=Holder.CIO_OFFICE,
        help_text=_("Contracts an agency holds alone expose the state to commitments nobody oversees."),
    )

    source = models.CharField(
        _("source"),
        max_length=200,
        null=True,
        editable=False,
        help_text=_("Where it was imported from: the id of the contracting process (ocid). None: entered by hand."),
    )
    source_key = models.CharField(_("key in the source"), max_length=200, null=True, editable=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = [Lower("title"), "number"]
        indexes = [
            models.Index(fields=["ends_on"], name="contract_ends_on", condition=Q(ends_on__isnull=False)),
            models.Index(fields=["holder"], name="contract_holder"),
            models.Index(Lower("title"), "number", name="contract_by_title"),
            GinIndex(SearchableWords("number", "title", "description"), name="contract_words"),
        ]
        constraints = [
            ends_after_start("contract_ends_after_start"),
            *TERMS_CONSTRAINTS,
            models.CheckConstraint(
                condition=Q(criticality__range=(1, 5)),
                name="contract_criticality_1_to_5",
                violation_error_message=_("Criticality is a number from 1 to 5."),
            ),
            models.UniqueConstraint(fields=["source", "source_key"], name="contract_once_per_source"),
            models.CheckConstraint(
                condition=Q(source__isnull=True, source_key__isnull=True)
                | Q(source__isnull=False, source_key__isnull=False),
                name="contract_source_with_key",
            ),
        ]
        triggers = [
            raise_version,
            *CONTRACT_CHANGED,
            # Series, targets and scorecards follow the parties; another party is another contract. Only where two
            # organizations were found to be one, or to be two after all, does a contract go along.
            pgtrigger.Trigger(
                name="parties_fixed_once_measured",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("vendor_id", "agency_id"),
                condition=pgtrigger.AnyChange("vendor", "agency"),
                func="""
                    IF EXISTS (SELECT 1 FROM vendors_servicelevel WHERE contract_id = OLD.id) AND EXISTS (
                        SELECT 1 FROM (VALUES (OLD.vendor_id, NEW.vendor_id), (OLD.agency_id, NEW.agency_id))
                            AS party (before, now)
                        WHERE before <> now AND NOT EXISTS (
                            SELECT 1 FROM directory_organization
                            WHERE (id, merged_into_id) IN ((before, now), (now, before))
                        )
                    ) THEN
                        RAISE EXCEPTION 'The parties of a contract are fixed once it has service levels.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_parties_fixed';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vendors:contract_detail", args=[self.pk])

    def is_in_force(self) -> bool:
        """Whether it is active and today lies between first and last day."""
        today = timezone.localdate()
        in_time = self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)
        return in_time and self.status == self.Status.ACTIVE


@told(parts=("subscriptions",), agency=SERVICE_FACTS, vendor=SERVICE_FACTS, msi=SERVICE_FACTS)
@tracked()
class Service(Versioned):
    """One service in the catalogue, from pipeline to retirement."""

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
    yearly_spending = models.DecimalField(
        _("yearly spending"),
        max_digits=18,
        decimal_places=2,
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


@told(named_by=("agency", "starts_on"), agency=SUBSCRIPTION_FACTS, vendor=SUBSCRIPTION_FACTS)
@tracked()
class Subscription(Versioned):
    """One agency's use of one service, for a time."""

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


@told(named_by=("integrator", "service"), vendor=INTEGRATION_FACTS, msi=INTEGRATION_FACTS)
@tracked()
class Integration(Versioned):
    """One multisource integrator's charge: a supplier, or a single service of it, that it orchestrates."""

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
