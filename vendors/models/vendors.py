"""Vendors: organizations as suppliers."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import VENDOR_MEMBERS
from kernel.directory.models import Organization
from kernel.editing import Versioned, raise_version
from kernel.tracking import told, tracked
from vendors.querysets.vendors import VendorQuerySet


@told(
    parts=(
        "organization",
        "organization__identifiers",
        "organization__aliases",
        "organization__addresses",
        "organization__contacts",
        "integrations",
    ),
    to=VENDOR_MEMBERS,
)
@tracked()
class Vendor(Versioned):
    """An organization as a supplier: private partner, cross-jurisdictional partner or internal provider."""

    WRITTEN = ("kind", "segment", "website")
    KEY = "organization__code"
    UNTOLD = ("segment",)  # how the office ranks it

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
