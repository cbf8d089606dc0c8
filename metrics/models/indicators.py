"""Indicators: everything that can be measured."""

import pgtrigger
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import PARTNERS
from kernel.directory.models import code_validator
from kernel.editing import Versioned, raise_version
from kernel.tracking import told, tracked
from metrics.models.marks import INDICATOR_CHANGED
from metrics.querysets.indicators import IndicatorQuerySet

DIRECTION_IS_FIXED = pgtrigger.Trigger(
    name="fixed_once_used",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("direction", "aggregation", "unit"),
    condition=pgtrigger.AnyChange("direction", "aggregation", "unit"),
    func="""
        IF EXISTS (
            SELECT 1 FROM metrics_series s WHERE s.indicator_id = OLD.id AND (
                EXISTS (SELECT 1 FROM metrics_target t WHERE t.series_id = s.id)
                OR EXISTS (SELECT 1 FROM metrics_measurement m WHERE m.series_id = s.id))
        ) THEN
            RAISE EXCEPTION 'Direction, aggregation and unit of an indicator are fixed once it was used.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'indicator_fixed_once_used';
        END IF;
        RETURN NEW;
    """,
)


@told(to=PARTNERS)
@tracked()
class Indicator(Versioned):
    """One thing that can be measured: its unit, which direction is better, how months add up, how often."""

    WRITTEN = ("code", "name", "description", "unit", "direction", "aggregation", "cadence", "retired_on")
    KEY = "code"
    REFERENCE = ("code", "name", "unit")

    class Direction(models.TextChoices):
        HIGHER = "higher", _("Higher is better")
        LOWER = "lower", _("Lower is better")

    class Aggregation(models.TextChoices):
        MEAN = "mean", _("Mean")
        SUM = "sum", _("Sum")
        MIN = "min", _("Lowest value")
        MAX = "max", _("Highest value")
        LAST = "last", _("Latest value")
        RATIO = "ratio", _("Ratio of two sums")

    class Cadence(models.TextChoices):
        DAILY = "daily", _("Daily")
        WEEKLY = "weekly", _("Weekly")
        MONTHLY = "monthly", _("Monthly")
        QUARTERLY = "quarterly", _("Quarterly")
        SEMIANNUAL = "semiannual", _("Twice a year")
        YEARLY = "yearly", _("Yearly")

    code = models.CharField(_("code"), max_length=100, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=1000)
    description = models.TextField(_("description"), blank=True)
    unit = models.CharField(_("unit"), max_length=100, blank=True, help_text=_("For example %, days, points."))
    direction = models.CharField(_("direction"), max_length=6, choices=Direction.choices)
    aggregation = models.CharField(
        _("aggregation"), max_length=5, choices=Aggregation.choices, default=Aggregation.MEAN
    )
    cadence = models.CharField(_("cadence"), max_length=10, choices=Cadence.choices, default=Cadence.MONTHLY)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = [Lower("name"), "code"]
        constraints = [models.UniqueConstraint(fields=["id", "direction"], name="indicator_direction")]
        triggers = [raise_version, DIRECTION_IS_FIXED, *INDICATOR_CHANGED]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("metrics:indicator_detail", args=[self.code])

    @property
    def is_ratio(self) -> bool:
        """Whether its months are ratios of two sums."""
        return self.aggregation == self.Aggregation.RATIO

    def figures_not_taken(self) -> tuple[str, ...]:
        """What its measurements leave empty."""
        return ("value",) if self.is_ratio else ("numerator", "denominator")
