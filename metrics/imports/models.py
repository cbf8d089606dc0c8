"""Files of measurements that people sent, and what came of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.uploads.models import Upload, UploadPart
from metrics.imports.querysets import ImportedMeasurementQuerySet, ImportQuerySet
from metrics.models.measurements import Measurement


class Import(Upload):
    """One file of measurements that somebody sent: tried out first, then taken as its sender chose."""

    PAGES = "metrics:import"

    columns = models.JSONField(_("headers"), default=dict, help_text="The file's header of each column, if it differs.")
    merged_at = models.DateTimeField(_("imported"), null=True, help_text="The recording time of its measurements.")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("undone by")
    )

    objects = ImportQuerySet.as_manager()

    class Meta(Upload.Meta):
        verbose_name = _("import of measurements")
        verbose_name_plural = _("imports of measurements")
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False, merged_at__isnull=False),
                name="import_undone_by_someone",
            )
        ]

    def changed_rows(self) -> int:
        """How many measurements it created or replaced."""
        return int(self.report.get("created", 0)) + int(self.report.get("replaced", 0)) if self.merged_at else 0

    def is_undoable(self) -> bool:
        """Whether it changed anything and still counts."""
        return self.undone_at is None and self.changed_rows() > 0


class ImportPart(UploadPart):
    """A piece of the file that was sent, or of the list of refused rows."""

    owner = models.ForeignKey(Import, models.CASCADE, related_name="parts", verbose_name=_("import"))


class ImportedMeasurement(models.Model):
    """What an import did to one measurement: the version it found, none where it was new, and the one it left.

    The history holds the row as it was found; as long as it still has the version that was left, nobody touched it.
    """

    pk = models.CompositePrimaryKey("measurement_id", "version_left")
    owner = models.ForeignKey(Import, models.CASCADE, related_name="measurements", verbose_name=_("import"))
    measurement = models.ForeignKey(
        Measurement,
        models.CASCADE,
        related_name="+",
        verbose_name=_("measurement"),
        db_constraint=False,
        db_index=False,
    )
    version_found = models.PositiveIntegerField(_("version before"), null=True)
    version_left = models.PositiveIntegerField(_("version after"))

    objects = ImportedMeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported measurement")
        verbose_name_plural = _("imported measurements")

    def __str__(self) -> str:
        return f"{self.owner_id} {self.measurement_id}"
