"""Vendors that are likely one: what speaks for it and against it, and what was decided."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.directory.likeness import Reason
from kernel.directory.models import OrganizationMerge
from kernel.tracking import told, tracked
from vendors.identity.querysets import LikelyDuplicateQuerySet
from vendors.models.vendors import Vendor


@told(named_by=("one", "other"))
@tracked(exclude=("found_at",))
class LikelyDuplicate(models.Model):
    """Two vendors that may be one, the one with the lower key first."""

    # A decision is about these two; whoever is one with them since is looked up (`vendors.identity.suggesting`).
    STAYS_WHEN_MERGED = ("one", "other")

    class Decision(models.TextChoices):
        OPEN = "open", _("Still to decide")
        SAME = "same", _("One vendor: merged")
        DIFFERENT = "different", _("Two vendors")

    one = models.ForeignKey(Vendor, models.CASCADE, related_name="+", verbose_name=_("vendor"))
    other = models.ForeignKey(Vendor, models.CASCADE, related_name="+", verbose_name=_("other vendor"))
    certainty = models.DecimalField(
        _("certainty"), max_digits=4, decimal_places=3, help_text=_("That they are one, from 0 to 1.")
    )
    reasons = ArrayField(models.CharField(max_length=40, choices=Reason.choices), verbose_name=_("reasons"))
    found_at = models.DateTimeField(_("found"), db_default=Now())
    decision = models.CharField(_("decision"), max_length=9, choices=Decision.choices, default=Decision.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
        help_text=_("None: by the state's rule."),
    )
    merge = models.ForeignKey(
        OrganizationMerge, models.SET_NULL, null=True, related_name="pairs", verbose_name=_("merge")
    )

    objects = LikelyDuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("likely duplicate")
        verbose_name_plural = _("likely duplicates")
        ordering = ["-certainty", "pk"]
        indexes = [models.Index(fields=["decision", "-certainty"], name="duplicate_by_certainty")]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="likelyduplicate_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="likelyduplicate_lower_first"),
            models.CheckConstraint(condition=Q(certainty__range=(0, 1)), name="likelyduplicate_certainty_0_to_1"),
            models.CheckConstraint(
                condition=Q(decision="open", decided_at=None)
                | Q(decision__in=["same", "different"], decided_at__isnull=False),
                name="likelyduplicate_decided_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one} / {self.other}"

    def get_absolute_url(self) -> str:
        """Both side by side."""
        return reverse("vendors:duplicate_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.decision == self.Decision.OPEN

    @property
    def reasons_for(self) -> list[str]:
        """What speaks for their being one, in words."""
        return [str(each.label) for each in map(Reason, self.reasons) if not each.is_against]

    @property
    def reasons_against(self) -> list[str]:
        """What speaks against it, in words."""
        return [str(each.label) for each in map(Reason, self.reasons) if each.is_against]
