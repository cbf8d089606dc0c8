"""Demand: the agencies whose business the state's technology serves."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.querysets import AgencyQuerySet
from kernel.access import AGENCY_MEMBERS
from kernel.directory.models import Organization
from kernel.editing import Versioned, raise_version
from kernel.tracking import told, tracked


@told(
    parts=("organization", "organization__identifiers", "organization__aliases", "organization__contacts"),
    to=AGENCY_MEMBERS,
)
@tracked()
class Agency(Versioned):
    """An organization as a customer of the CIO's office."""

    WRITTEN = ("mission", "website")
    KEY = "organization__code"

    organization = models.OneToOneField(
        Organization, models.PROTECT, primary_key=True, related_name="agency", verbose_name=_("organization")
    )
    mission = models.TextField(_("mission"), blank=True, help_text=_("What it does for citizens."))
    website = models.URLField(_("website"), blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = [Lower("organization__name"), "organization__code"]
        triggers = [raise_version]

    def __str__(self) -> str:
        return str(self.organization)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("agencies:agency_detail", args=[self.organization.code])
