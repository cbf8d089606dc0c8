"""Scorecards: measurements of a vendor as computed and stored."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.editing import MonthField, Versioned, is_month_start, raise_version
from kernel.tracking import tracked
from metrics.models import Dimension, GradeBand, Methodology
from metrics.models.fields import CoverageField, ScoreField
from metrics.models.marks import on_statement
from vendors.models.service_levels import ServiceLevel
from vendors.models.vendors import Vendor
from vendors.querysets.scorecards import ScorecardLineQuerySet, ScorecardPartQuerySet, ScorecardQuerySet
from vendors.scorecards.periods import Edition, Period

# What may still change in a published scorecard: that a later revision took its place.
PUBLISHED_IS_IMMUTABLE = """
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A published scorecard does not change.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'scorecard_immutable_once_published';
    END IF;
    IF to_jsonb(OLD) - 'superseded_at' - 'version' IS DISTINCT FROM to_jsonb(NEW) - 'superseded_at' - 'version' THEN
        RAISE EXCEPTION 'A published scorecard does not change.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'scorecard_immutable_once_published';
    END IF;
    RETURN NEW;
"""
# Looked up once per statement, for scorecards are written by thousands of lines at once.
PARTS_OF_PUBLISHED_ARE_IMMUTABLE = """
    IF EXISTS (SELECT 1 FROM {rows} AS part JOIN vendors_scorecard AS card ON card.id = part.scorecard_id
               WHERE card.status = 'published') THEN
        RAISE EXCEPTION 'A published scorecard does not change.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'scorecard_immutable_once_published';
    END IF
"""
PARTS_IMMUTABLE = on_statement("immutable_once_published", PARTS_OF_PUBLISHED_ARE_IMMUTABLE)


@tracked(exclude=("digest",))
class Scorecard(Versioned):
    """One vendor, one period, one methodology version, one revision: how well it served."""

    # What was published is of the vendor as it was; drafts are computed again by whose contracts they are now.
    STAYS_WHEN_MERGED = ("vendor",)

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")

    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="scorecards", verbose_name=_("vendor"))
    period_start = MonthField(_("first month"))
    months = models.PositiveSmallIntegerField(_("months"))
    methodology = models.ForeignKey(
        Methodology, models.PROTECT, related_name="scorecards", verbose_name=_("methodology")
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    score = ScoreField(_("score"), null=True)
    coverage = CoverageField(_("coverage"))
    grade = models.ForeignKey(
        GradeBand,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("grade"),
        help_text=_("None: insufficient evidence."),
    )
    digest = models.CharField(max_length=64, help_text="SHA-256 of all the arithmetic read (scoring method, §7).")
    computed_at = models.DateTimeField(_("computed"))
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )
    superseded_at = models.DateTimeField(_("superseded"), null=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        ordering = ["-period_start", "months", "vendor", "-revision"]
        indexes = [
            models.Index(
                fields=["period_start", "months", "vendor"],
                name="scorecard_current_of_period",
                condition=Q(status="published", superseded_at__isnull=True),
            ),
            models.Index(fields=["grade"], name="scorecard_grade", condition=Q(superseded_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "period_start", "months", "methodology", "revision"],
                name="scorecard_revision",
            ),
            models.UniqueConstraint(
                fields=["vendor", "period_start", "months", "methodology"],
                condition=~Q(status="published"),
                name="scorecard_one_open_revision",
            ),
            models.UniqueConstraint(
                fields=["vendor", "period_start", "months", "methodology"],
                condition=Q(status="published", superseded_at__isnull=True),
                name="scorecard_one_current_revision",
            ),
            models.CheckConstraint(
                condition=Q(status="published", published_at__isnull=False, published_by__isnull=False)
                | Q(
                    status__in=["draft", "in_review"],
                    published_at__isnull=True,
                    published_by__isnull=True,
                    superseded_at__isnull=True,
                ),
                name="scorecard_published_by_someone",
            ),
            models.CheckConstraint(
                condition=is_month_start("period_start") & Q(months__range=(1, 120)),
                name="scorecard_whole_months",
            ),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(score__isnull=False), name="scorecard_grade_needs_score"
            ),
        ]
        triggers = [
            raise_version,
            pgtrigger.Trigger(
                name="immutable_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="published"),
                func=PUBLISHED_IS_IMMUTABLE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_id} {self.period_start:%Y-%m}+{self.months}"

    @property
    def is_current(self) -> bool:
        """Whether it is published and no later revision took its place."""
        return self.status == self.Status.PUBLISHED and self.superseded_at is None

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vendors:scorecard_detail", args=[self.pk])

    @property
    def period(self) -> Period:
        """The run of months it is about."""
        return Period(self.period_start, self.months)

    @property
    def edition(self) -> Edition:
        """The period and methodology that make it comparable."""
        return Edition(self.period, self.methodology_id, str(self.methodology), self.methodology.is_default)


class ScorecardDimension(models.Model):
    """One dimension of a scorecard: its weight, score and coverage."""

    scorecard = models.ForeignKey(
        Scorecard, models.CASCADE, db_index=False, related_name="dimensions", verbose_name=_("scorecard")
    )
    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension.choices)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2)
    score = ScoreField(_("score"), null=True)
    coverage = CoverageField(_("coverage"))

    objects = ScorecardPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("dimension of a scorecard")
        verbose_name_plural = _("dimensions of scorecards")
        ordering = ["scorecard", "-weight", "dimension"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "dimension"], name="scorecarddimension_once")]
        triggers = PARTS_IMMUTABLE

    def __str__(self) -> str:
        return f"{self.scorecard_id} {self.dimension}"


class ScorecardLine(models.Model):
    """One service level in a scorecard: what it reached, on what evidence, and what it contributed.

    `segments` lists each target in force and what was reached under it:
    `[{"from": "2020-01", "floor": "90", "target": "95", "stretch": null, "months": 3, "value": "96.1",
    "attainment": "75"}]`, figures as decimal text.
    """

    scorecard = models.ForeignKey(
        Scorecard, models.CASCADE, db_index=False, related_name="lines", verbose_name=_("scorecard")
    )
    service_level = models.ForeignKey(
        ServiceLevel, models.PROTECT, related_name="scorecard_lines", verbose_name=_("service level")
    )
    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension.choices)
    weight = models.DecimalField(_("weight"), max_digits=9, decimal_places=3)
    criticality = models.PositiveSmallIntegerField(_("criticality"))
    value = models.DecimalField(_("value"), max_digits=40, decimal_places=9, null=True)
    attainment = ScoreField(_("attainment"), null=True)
    coverage = CoverageField(_("coverage"))
    contribution = ScoreField(_("contribution"), null=True)
    months_with_data = models.PositiveSmallIntegerField(_("months with data"))
    months_expected = models.PositiveSmallIntegerField(_("months expected"))
    latest_month = models.DateField(_("latest month with data"), null=True)
    segments = models.JSONField(_("targets in force"), default=list)

    objects = ScorecardLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a scorecard")
        verbose_name_plural = _("lines of scorecards")
        ordering = ["scorecard", "dimension", "service_level"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "service_level"], name="scorecardline_once")]
        triggers = PARTS_IMMUTABLE

    def __str__(self) -> str:
        return f"{self.scorecard_id} {self.service_level_id}"


class ScoringDue(models.Model):
    """A mark that what a vendor's scorecards read changed for a run of months; append-only."""

    # The other one gets its own marks as the contracts move.
    STAYS_WHEN_MERGED = ("vendor",)

    vendor = models.ForeignKey(Vendor, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    first_month = models.DateField()
    last_month = models.DateField(null=True, help_text="Null: from the first month on.")

    class Meta:
        verbose_name = _("scoring due")
        verbose_name_plural = _("scorings due")

    def __str__(self) -> str:
        return f"{self.vendor_id} {self.first_month:%Y-%m}"
