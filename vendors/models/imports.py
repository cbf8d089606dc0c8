"""Files of contracts that people sent, and what came of them."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brm_portal.uploads.models import Upload, UploadPart
from vendors.querysets import ContractImportPartQuerySet, ContractImportQuerySet


class ContractImport(Upload):
    """One file of contracts (OCDS) that somebody sent: tried out first, then taken."""

    merged_at = models.DateTimeField(_("imported"), null=True)

    objects = ContractImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of contracts")
        verbose_name_plural = _("imports of contracts")
        ordering = ["-started_at", "-pk"]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vendors:contract_import_detail", args=[self.pk])


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
