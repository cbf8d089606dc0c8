"""Files of contracts that people sent, and what came of them."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.uploads.models import Upload, UploadPart
from vendors.imports.querysets import ContractImportQuerySet, KeptTableRowQuerySet, TableMappingQuerySet


class ContractImport(Upload):
    """One file of contracts, payments or services that somebody sent: tried out first, then taken."""

    class Holds(models.TextChoices):
        """What is in the file."""

        CONTRACTS = "contracts", _("Contracts")
        CATALOGUE = "catalogue", _("Catalogue of services")
        CONTRACT_TABLE = "table", _("Table of contracts")
        PAYMENT_TABLE = "payments", _("Table of payments")

    PAGES = "vendors:contract_import"
    WAYS = (Upload.Mode.PARTIAL,)
    OF_TABLES = (Holds.CONTRACT_TABLE, Holds.PAYMENT_TABLE)

    holds = models.CharField(_("holds"), max_length=9, choices=Holds.choices, default=Holds.CONTRACTS)
    # Of tables: `{"source": ..., "columns": {field: header}, "agency": ..., "totals": false}`.
    settings = models.JSONField(_("how it is read"), default=dict)

    objects = ContractImportQuerySet.as_manager()

    class Meta(Upload.Meta):
        verbose_name = _("import of contracts")
        verbose_name_plural = _("imports of contracts")

    def undo_url(self) -> str:
        """Where a table is undone."""
        return reverse("vendors:table_import_undo", args=[self.pk])

    @property
    def columns_url(self) -> str:
        """Where it is said what the columns of a table mean."""
        return reverse("vendors:table_import_columns", args=[self.pk])

    def is_undoable(self) -> bool:
        """Whether it is a table that was taken and still counts."""
        return self.is_table and self.merged_at is not None and self.undone_at is None

    @property
    def is_table(self) -> bool:
        """Whether its columns are told apart by a mapping."""
        return self.holds in self.OF_TABLES


class ContractImportPart(UploadPart):
    """A piece of the file that was sent, or of the list of what was refused."""

    owner = models.ForeignKey(ContractImport, models.CASCADE, related_name="parts", verbose_name=_("import"))


class KeptTableRow(models.Model):
    """What a table said of one revision of a contract, or of what was paid under it in one period.

    Of rows that say different things of the same, the latest counts. `content` holds a row's cells in our words.
    """

    class Kind(models.TextChoices):
        REVISION = "revision", _("Revision")
        PAYMENT = "payment", _("Payment")

    contract_import = models.ForeignKey(
        ContractImport,
        models.CASCADE,
        null=True,
        related_name="kept_rows",
        verbose_name=_("import"),
        help_text=_("None: by a command."),
    )
    source = models.CharField(_("source"), max_length=60)
    number = models.CharField(_("contract"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    reference = models.CharField(_("number"), max_length=200)
    content = models.JSONField(_("content"))

    objects = KeptTableRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a table")
        verbose_name_plural = _("rows of tables")
        ordering = ["source", "number", "kind", "reference", "-pk"]
        indexes = [models.Index(fields=["source", "number", "kind", "reference", "-id"], name="kepttablerow_latest")]

    def __str__(self) -> str:
        return f"{self.number} {self.reference}"


class TableMapping(models.Model):
    """How the tables of one source are read, as it was chosen last: each field's headers, the latest first."""

    source = models.CharField(_("source"), max_length=60)
    holds = models.CharField(_("holds"), max_length=9, choices=ContractImport.Holds.choices)
    columns = models.JSONField(_("columns"), default=dict)
    agency = models.CharField(_("agency where no row names one"), max_length=250, blank=True)
    totals = models.BooleanField(_("amounts are totals"), default=False)
    used_at = models.DateTimeField(_("used"), auto_now=True)

    objects = TableMappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mapping of columns")
        verbose_name_plural = _("mappings of columns")
        ordering = ["source", "holds"]
        constraints = [models.UniqueConstraint(fields=["source", "holds"], name="tablemapping_once")]

    def __str__(self) -> str:
        return f"{self.source} ({self.get_holds_display()})"
