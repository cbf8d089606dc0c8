"""Amendments, milestones, payments, co-suppliers and releases of a contract."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import AGENCIES_AND_VENDORS
from kernel.directory.models import Organization
from kernel.editing import MoneyField, Versioned, raise_version
from kernel.tracking import told, tracked
from metrics.models import Target
from vendors.models.contracts import Contract
from vendors.models.money import currency_validator, default_currency
from vendors.models.vendors import Vendor
from vendors.querysets.contract_parts import (
    AmendedTargetQuerySet,
    ContractPartQuerySet,
    ContractReleaseQuerySet,
    MilestoneQuerySet,
)


def once_per_contract(name: str, message: Any) -> models.UniqueConstraint:
    """Within a contract a reference names one row."""
    return models.UniqueConstraint(fields=["contract", "reference"], name=name, violation_error_message=message)


@told(named_by=("reference",), to=AGENCIES_AND_VENDORS)
@tracked()
class Amendment(Versioned):
    """One change of a contract that its parties agreed: of its value, its end, or what else it says."""

    WRITTEN = ("reference", "signed_on", "description", "reason", "value_change", "new_ends_on", "is_renewal")
    PART_OF = "contract"

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="amendments", verbose_name=_("contract"))
    reference = models.CharField(_("number"), max_length=200)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    description = models.TextField(_("description"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    value_change = models.DecimalField(
        _("change of value"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("By how much the value rose, or fell, in the contract's currency. Empty: not known."),
    )
    new_ends_on = models.DateField(_("new end"), null=True, blank=True, help_text=_("Empty: the end stayed."))
    is_renewal = models.BooleanField(
        _("renewal"), default=False, help_text=_("It uses one of the renewals that were agreed.")
    )
    is_applied = models.BooleanField(
        _("carried out here"),
        default=False,
        editable=False,
        help_text=_("The contract was changed with it. No: whoever told of it told what the contract then was, too."),
    )
    ended_on_before = models.DateField(_("end before"), null=True, blank=True, editable=False)

    objects = ContractPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["contract", models.F("signed_on").asc(nulls_last=True), "reference"]
        constraints = [once_per_contract("amendment_once", _("This contract has an amendment of this number."))]
        triggers = [raise_version]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Where its contract's page tells of it."""
        return f"{reverse('vendors:contract_detail', args=[self.contract_id])}#amendment-{self.pk}"

    def clean(self) -> None:
        """A contract does not end before it starts."""
        if self.new_ends_on is not None and self.new_ends_on < self.contract.starts_on:
            raise ValidationError({"new_ends_on": _("This day lies before the contract starts.")})


@tracked()
class AmendedTarget(models.Model):
    """One target of a service level that an amendment agreed."""

    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="targets", verbose_name=_("amendment"))
    target = models.OneToOneField(Target, models.PROTECT, related_name="amended", verbose_name=_("target"))

    objects = AmendedTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target of an amendment")
        verbose_name_plural = _("targets of amendments")
        ordering = ["amendment", "target__series", "pk"]

    def __str__(self) -> str:
        return f"{self.amendment} {self.target}"


@told(named_by=("title",), to=AGENCIES_AND_VENDORS)
@tracked()
class Milestone(Versioned):
    """One thing a contract is to reach by a day, and whether it did."""

    WRITTEN = ("reference", "title", "description", "due_on", "met_on", "status")
    PART_OF = "contract"

    class Status(models.TextChoices):
        """As the Open Contracting Data Standard says it."""

        SCHEDULED = "scheduled", _("Scheduled")
        MET = "met", _("Met")
        PARTIALLY_MET = "partially_met", _("Partially met")
        NOT_MET = "not_met", _("Not met")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="milestones", verbose_name=_("contract"))
    reference = models.CharField(_("number"), max_length=200)
    title = models.CharField(_("title"), max_length=500)
    description = models.TextField(_("description"), blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    met_on = models.DateField(_("met on"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=13, choices=Status.choices, default=Status.SCHEDULED)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["contract", models.F("due_on").asc(nulls_last=True), Lower("title"), "reference"]
        indexes = [models.Index(fields=["due_on"], name="milestone_due_on", condition=Q(due_on__isnull=False))]
        constraints = [once_per_contract("milestone_once", _("This contract has a milestone of this number."))]
        triggers = [raise_version]

    def __str__(self) -> str:
        return self.title


@told(named_by=("reference",), to=AGENCIES_AND_VENDORS)
@tracked()
class Payment(Versioned):
    """One amount that was paid under a contract, or, below zero, paid back."""

    WRITTEN = ("reference", "paid_on", "amount", "currency", "payer", "payer_name", "payee", "payee_name")
    PART_OF = "contract"

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="payments", verbose_name=_("contract"))
    reference = models.CharField(_("number"), max_length=200)
    paid_on = models.DateField(_("paid on"))
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, default=default_currency, validators=[currency_validator])
    payer = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments_made",
        verbose_name=_("payer"),
        help_text=_("None: not known here; its name may be."),
    )
    payer_name = models.CharField(
        _("payer's name"), max_length=250, blank=True, help_text=_("As the source spells it.")
    )
    payee = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments_received",
        verbose_name=_("payee"),
        help_text=_("None: not known here; its name may be."),
    )
    payee_name = models.CharField(
        _("payee's name"), max_length=250, blank=True, help_text=_("As the source spells it.")
    )

    objects = ContractPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["contract", "-paid_on", "reference"]
        indexes = [models.Index(fields=["paid_on"], name="payment_paid_on")]
        constraints = [once_per_contract("payment_once", _("This contract has a payment of this number."))]
        triggers = [raise_version]

    def __str__(self) -> str:
        return self.reference


@told(named_by=("vendor",), to=AGENCIES_AND_VENDORS, also=("vendor",))
@tracked()
class CoSupplier(models.Model):
    """One more vendor that delivers a contract together with the one that leads."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="co_suppliers", verbose_name=_("contract"))
    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="co_supplied", verbose_name=_("vendor"))

    objects = ContractPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-supplier")
        verbose_name_plural = _("co-suppliers")
        ordering = ["contract", "pk"]
        constraints = [models.UniqueConstraint(fields=["contract", "vendor"], name="cosupplier_once")]

    def __str__(self) -> str:
        return str(self.vendor)


class ContractRelease(models.Model):
    """What a publisher said of one contracting process at one time, as it was read (OCDS)."""

    ocid = models.CharField(_("contracting process (ocid)"), max_length=200)
    release_id = models.CharField(_("release"), max_length=300)
    date = models.CharField(
        _("date"), max_length=40, blank=True, help_text=_("As written; releases merge by its order.")
    )
    is_compiled = models.BooleanField(_("compiled"), help_text=_("It sums up all releases before it."))
    content = models.JSONField(_("content"))

    objects = ContractReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release of a contracting process")
        verbose_name_plural = _("releases of contracting processes")
        ordering = ["ocid", "date", "release_id"]
        constraints = [models.UniqueConstraint(fields=["ocid", "release_id"], name="contractrelease_once")]

    def __str__(self) -> str:
        return f"{self.ocid} {self.release_id}"
