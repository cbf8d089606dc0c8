"""Contracts, their terms, and the reminders of them that were sent."""

import datetime

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import AGENCIES_AND_VENDORS
from kernel.directory.models import Organization
from kernel.editing import MoneyField, Versioned, raise_version
from kernel.in_force import ends_after_start, is_in_force
from kernel.searching import SearchableWords
from kernel.tracking import told, tracked
from vendors.contracts.terms import NoticeUnit, notice_day, renewed_end
from vendors.models.money import currency_validator, default_currency
from vendors.models.vendors import Vendor
from vendors.querysets.contracts import ContractQuerySet, ReminderQuerySet
from vendors.scorecards.marks import CONTRACT_CHANGED

LONGEST_NOTICE, LONGEST_RENEWAL, MOST_RENEWALS = 3_650, 600, 99

TERMS_WRITTEN = (
    "starts_on",
    "ends_on",
    "notice_period",
    "notice_unit",
    "renewal_months",
    "renewals_left",
    "renews_automatically",
)
TERMS_CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(renewal_months__isnull=False) | Q(renewals_left__isnull=True, renews_automatically=False),
        name="contract_renewals_have_a_length",
        violation_error_message=_("Say how many months a renewal lasts."),
    ),
    models.CheckConstraint(
        condition=Q(renews_automatically=False) | Q(notice_period__isnull=False),
        name="contract_automatic_renewal_has_notice",
        violation_error_message=_("It renews by itself: say how long before its end it must be cancelled."),
    ),
]


class Terms(models.Model):
    """What parties agreed on the time of a contract."""

    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True, help_text=_("Empty: no agreed end."))
    notice_period = models.PositiveSmallIntegerField(
        _("notice period"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(LONGEST_NOTICE)],
        help_text=_("How long before its end it must be cancelled; 0: until its last day. Empty: not known."),
    )
    notice_unit = models.CharField(
        _("notice period in"), max_length=6, choices=NoticeUnit.choices, default=NoticeUnit.MONTHS
    )
    renewal_months = models.PositiveSmallIntegerField(
        _("months of a renewal"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_RENEWAL)],
        help_text=_("How long each renewal lasts. Empty: it cannot be renewed."),
    )
    renewals_left = models.PositiveSmallIntegerField(
        _("renewals left"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_RENEWALS)],
        help_text=_("How often it may still be renewed. Empty: where it can be renewed, without limit."),
    )
    renews_automatically = models.BooleanField(
        _("renews by itself"), default=False, help_text=_("At its end, unless it is cancelled in time.")
    )

    class Meta:
        abstract = True

    @property
    def cancel_by(self) -> datetime.date | None:
        """The last day on which it can be cancelled for its end."""
        if self.ends_on is None or self.notice_period is None:
            return None
        return notice_day(self.ends_on, self.notice_period, self.notice_unit)

    @property
    def can_renew(self) -> bool:
        """Whether it may be renewed once more."""
        return self.renewal_months is not None and self.renewals_left != 0

    @property
    def renewed_until(self) -> datetime.date | None:
        """When it would end if it were renewed once more."""
        if self.ends_on is None or self.renewal_months is None or self.renewals_left == 0:
            return None
        return renewed_end(self.ends_on, self.renewal_months)

    @property
    def renews_unless_cancelled(self) -> bool:
        """Whether it goes on past its end when nobody acts."""
        return self.renews_automatically and self.can_renew


@told(
    parts=("amendments", "milestones", "payments", "co_suppliers"),
    to=AGENCIES_AND_VENDORS,
)
@tracked()
class Contract(Terms, Versioned):
    """One agreement between a vendor and an agency."""

    WRITTEN = (
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
        *TERMS_WRITTEN,
        "criticality",
        "holder",
    )
    KEY = "number"
    REFERENCE = ("number", "title")
    UNTOLD = ("criticality", "holder")  # how the office ranks it

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
    value = MoneyField(
        _("value"),
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
        return is_in_force(self.starts_on, self.ends_on) and self.status == self.Status.ACTIVE


class Reminder(models.Model):
    """That people were told, so many days ahead, of one day of one contract."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="reminders", verbose_name=_("contract"))
    kind = models.CharField(_("kind"), max_length=10)
    day = models.DateField(_("day"))
    days_ahead = models.PositiveSmallIntegerField(_("days ahead"))
    told_at = models.DateTimeField(_("told"), db_default=Now())

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-told_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "kind", "day", "days_ahead"], name="reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.kind} {self.day}"

    @property
    def key(self) -> tuple[int, str, datetime.date, int]:
        """What it reminded of."""
        return (self.contract_id, str(self.kind), self.day, self.days_ahead)
