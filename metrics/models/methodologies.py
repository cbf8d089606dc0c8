"""Methodologies and their grades: immutable versions of the method that judges."""

from decimal import Decimal

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import PARTNERS
from kernel.directory.models import code_validator
from kernel.editing import MonthField, Versioned, is_month_start, raise_version
from kernel.tracking import told, tracked
from metrics.models.fields import CoverageField, ScoreField
from metrics.models.marks import OUTCOME_DUE_BY_METHODOLOGY, on_statement
from metrics.querysets.methodologies import MethodologyQuerySet

BANDS_IMMUTABLE_ONCE_USED = """
    IF EXISTS (
        SELECT 1 FROM metrics_methodology m WHERE m.first_used_at IS NOT NULL AND m.id IN (
            CASE WHEN TG_OP = 'INSERT' THEN NEW.methodology_id ELSE OLD.methodology_id END,
            CASE WHEN TG_OP = 'DELETE' THEN OLD.methodology_id ELSE NEW.methodology_id END)
    ) THEN
        RAISE EXCEPTION 'The grade bands of a methodology that was used do not change.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'methodology_immutable_once_used';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""
# Looked at once the statement is done, for grades are written together.
BANDS_ASCEND = """
    IF EXISTS (
        SELECT 1 FROM metrics_gradeband AS lower
        JOIN metrics_gradeband AS upper USING (methodology_id)
        WHERE methodology_id IN (SELECT methodology_id FROM {rows} AS changed)
            AND lower.position < upper.position AND lower.lower_bound >= upper.lower_bound
    ) THEN
        RAISE EXCEPTION 'Each grade starts above the one below it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gradeband_ascending';
    END IF
"""


class Dimension(models.TextChoices):
    """The seven sides of performance; their weights are the methodology's."""

    OUTCOMES = "outcomes", _("Outcomes")
    SERVICE_QUALITY = "service_quality", _("Service quality")
    RELATIONSHIP = "relationship", _("Relationship")
    RISK_COMPLIANCE = "risk_compliance", _("Risk and compliance")
    COST = "cost", _("Cost")
    SCHEDULE = "schedule", _("Schedule")
    INNOVATION = "innovation", _("Innovation")


ARITHMETIC_FIELDS = (*(f"{d}_weight" for d in Dimension.values), "score_at_target", "minimum_coverage")
TOTAL_WEIGHT = sum((F(f"{d}_weight") for d in Dimension.values[1:]), F(f"{Dimension.values[0]}_weight"))
FROZEN_FIELDS = ("code", "name", "edition", "first_used_at", *ARITHMETIC_FIELDS)
IMMUTABLE_ONCE_USED = f"""
    IF TG_OP = 'DELETE' OR ROW({", ".join(f"OLD.{f}" for f in FROZEN_FIELDS)})
        IS DISTINCT FROM ROW({", ".join(f"NEW.{f}" for f in FROZEN_FIELDS)}) THEN
        RAISE EXCEPTION 'A methodology that was used does not change; make a new edition.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'methodology_immutable_once_used';
    END IF;
    RETURN NEW;
"""


def weight(default: int) -> models.DecimalField:
    """A dimension's weight in percent of the whole."""
    return models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal(default),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )


# Whoever is scored may read how, and when that changed.
@told(parts=("bands",), to=PARTNERS, also=("edition", "is_default", "in_use_from"))
@tracked()
class Methodology(Versioned):
    """One immutable version of the scoring method: weights, score at target, grade bands, minimum coverage."""

    WRITTEN = ("code", "name", *ARITHMETIC_FIELDS)
    KEY = "code"
    REFERENCE = ("code", "name", "edition")

    code = models.CharField(_("code"), max_length=100, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=200)
    edition = models.PositiveIntegerField(_("edition"), default=1)
    outcomes_weight = weight(35)
    service_quality_weight = weight(20)
    relationship_weight = weight(15)
    risk_compliance_weight = weight(10)
    cost_weight = weight(10)
    schedule_weight = weight(5)
    innovation_weight = weight(5)
    score_at_target = ScoreField(_("score at target"), default=Decimal(75))
    minimum_coverage = CoverageField(_("minimum coverage"), default=Decimal("0.6"))
    is_default = models.BooleanField(_("the state's default"), default=False)
    in_use_from = MonthField(
        _("default from"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Periods that start earlier keep the default before it. Empty: since ever, or never the default."),
    )
    first_used_at = models.DateTimeField(_("first used"), null=True, blank=True, editable=False)

    objects = MethodologyQuerySet.as_manager()

    class Meta:
        verbose_name = _("methodology")
        verbose_name_plural = _("methodologies")
        ordering = ["name", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["name", "edition"], name="methodology_edition"),
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="methodology_one_default"
            ),
            models.CheckConstraint(
                condition=Q(outcomes_weight=100 - (TOTAL_WEIGHT - F("outcomes_weight"))),
                name="methodology_weights_total_100",
                violation_error_message=_("The seven weights must total 100."),
            ),
            models.CheckConstraint(
                condition=Q(**{f"{d}_weight__gte": 0 for d in Dimension.values}),
                name="methodology_weights_not_negative",
                violation_error_message=_("A weight cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(schedule_weight__lte=20 - F("cost_weight")),
                name="methodology_schedule_and_cost_at_most_20",
                violation_error_message=_("Schedule and cost together stay at or under 20: outcomes lead."),
            ),
            models.CheckConstraint(
                condition=Q(score_at_target__gt=0, score_at_target__lte=100),
                name="methodology_score_at_target_in_range",
                violation_error_message=_("The score at target lies above 0 and at or below 100."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_coverage__gte=0, minimum_coverage__lte=1),
                name="methodology_minimum_coverage_in_range",
                violation_error_message=_("The minimum coverage lies between 0 and 1."),
            ),
            models.CheckConstraint(condition=is_month_start("in_use_from"), name="methodology_in_use_from_a_month"),
        ]
        triggers = [
            raise_version,
            *OUTCOME_DUE_BY_METHODOLOGY,
            pgtrigger.Trigger(
                name="immutable_once_used",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__first_used_at__isnull=False),
                func=IMMUTABLE_ONCE_USED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.edition}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("metrics:methodology_detail", args=[self.code])

    @property
    def edges(self) -> list[Decimal]:
        """The scores at which a grade begins; reads `bands`, so prefetch them for many."""
        return [band.lower_bound for band in self.bands.all()]

    def band_of(self, score: Decimal | None) -> "GradeBand | None":
        """The grade whose interval holds a score."""
        held = [band for band in self.bands.all() if score is not None and band.lower_bound <= score]
        return max(held, key=lambda band: band.lower_bound, default=None)

    def weights(self) -> dict[str, Decimal]:
        """The weight of each dimension, by its code."""
        return {d: getattr(self, f"{d}_weight") for d in Dimension.values}


@told(named_by=("name",), to=PARTNERS, also=("position", "name", "lower_bound"))
@tracked()
class GradeBand(models.Model):
    """One grade of a methodology: the scores from its lower bound up to the next band's; the top includes 100."""

    methodology = models.ForeignKey(Methodology, models.PROTECT, related_name="bands", verbose_name=_("methodology"))
    position = models.PositiveSmallIntegerField(_("position"), help_text=_("1 is the lowest grade."))
    name = models.CharField(_("name"), max_length=60)
    lower_bound = ScoreField(_("from score"))

    objects = MethodologyQuerySet.as_manager()

    class Meta:
        verbose_name = _("grade band")
        verbose_name_plural = _("grade bands")
        ordering = ["methodology", "position"]
        constraints = [
            models.UniqueConstraint(fields=["methodology", "position"], name="gradeband_position"),
            models.UniqueConstraint(fields=["methodology", "name"], name="gradeband_name"),
            models.UniqueConstraint(fields=["methodology", "lower_bound"], name="gradeband_lower_bound"),
            models.CheckConstraint(
                condition=Q(lower_bound__gte=0, lower_bound__lt=100)
                & (Q(position=1, lower_bound=0) | Q(position__gt=1, lower_bound__gt=0)),
                name="gradeband_bounds",
                violation_error_message=_("The lowest band starts at 0, the others between 0 and 100."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="immutable_once_used",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=BANDS_IMMUTABLE_ONCE_USED,
            ),
            *on_statement("ascending", BANDS_ASCEND, on="iu", updated="(SELECT * FROM new_rows)"),
        ]

    def __str__(self) -> str:
        return self.name
