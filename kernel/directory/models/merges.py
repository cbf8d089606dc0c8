"""Organizations that were found to be one: which was merged into which, and every row that moved."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.directory.models.who import Alias, Organization
from kernel.directory.querysets import MergedRowsQuerySet, MergeQuerySet
from kernel.tracking import told, tracked


@told(named_by=("absorbed", "kept"))
@tracked()
class OrganizationMerge(models.Model):
    """One organization that was merged into another, until it is undone."""

    # Who was merged with whom is a fact about both; a later merge does not change it.
    STAYS_WHEN_MERGED = ("absorbed", "kept", "former_parent")

    absorbed = models.ForeignKey(
        Organization, models.PROTECT, related_name="merges", verbose_name=_("merged organization")
    )
    kept = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("organization it is one with")
    )
    reason = models.CharField(_("reason"), max_length=500)
    merged_at = models.DateTimeField(_("merged"), db_default=Now())
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("merged by"),
        help_text=_("None: by the state's rule."),
    )
    former_parent = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("part of, before")
    )
    # The absorbed organization's name, as the other has it since; none where it had it before.
    alias = models.ForeignKey(Alias, models.SET_NULL, null=True, related_name="+", verbose_name=_("alias"))
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("undone by")
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of organizations")
        verbose_name_plural = _("merges of organizations")
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["absorbed"], condition=Q(undone_at=None), name="merge_once_at_a_time"),
            models.CheckConstraint(condition=~Q(absorbed=F("kept")), name="merge_of_two"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed} → {self.kept}"


class MergedRows(models.Model):
    """The rows of one model that a merge moved by one field from the absorbed organization to the kept one."""

    merge = models.ForeignKey(OrganizationMerge, models.CASCADE, related_name="moved", verbose_name=_("merge"))
    model = models.CharField(_("kind of row"), max_length=100, help_text="app_label.model_name")
    field = models.CharField(_("field"), max_length=100)
    keys = ArrayField(models.BigIntegerField(), verbose_name=_("rows"))

    objects = MergedRowsQuerySet.as_manager()

    class Meta:
        verbose_name = _("rows that a merge moved")
        verbose_name_plural = _("rows that merges moved")
        ordering = ["merge", "model", "field"]
        constraints = [models.UniqueConstraint(fields=["merge", "model", "field"], name="mergedrows_once")]

    def __str__(self) -> str:
        return f"{self.model}.{self.field} × {len(self.keys)}"
