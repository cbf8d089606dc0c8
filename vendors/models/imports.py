"""Files of contracts that people sent, and what came of them."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brm_portal.uploads.models import Upload, UploadPart
from vendors.querysets import ContractImportPartQuerySet, ContractImportQuerySet


class ContractImport(Upload):
    """One file of contracts (OCDS), or a catalogue of services, that somebody sent: tried out first, then taken."""

    class Holds(models.TextChoices):
        """What is in the file."""

        CONTRACTS = "contracts", _("Contracts")
        CATALOGUE = "catalogue", _("Catalogue of services")

    holds = models.CharField(_("holds"), max_length=9, choices=Holds.choices, default=Holds.CONTRACTS)
    merged_at = models.DateTimeField(_("imported"), null=True)

    objects = ContractImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of contracts")
        verbose_name_plural = _("imports of contracts")
        ordering = ["-started_at", "-pk"]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vendors:contract_import_detail", args=[self.pk])

    @property
    def sent_at_url(self) -> str:
        """The page that such files are sent from."""
        of_catalogue = self.holds == self.Holds.CATALOGUE
        return reverse("vendors:catalogue_import_create" if of_catalogue else "vendors:contract_import_create")


class ContractImportPart(UploadPart):
    """A piece of the file that was sent, or of the list of what was refused."""

    owner = models.ForeignKey(ContractImport, models.CASCADE, related_name="parts", verbose_name=_("import"))

    objects = ContractImportPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of an import")
        verbose_name_plural = _("parts of imports")
        ordering = ["owner", "kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind", "position"], name="contractimportpart_position")
        ]
