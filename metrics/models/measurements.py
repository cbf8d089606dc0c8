"""Series, their targets and measurements, and the fold into months."""

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.access import PARTNERS
from kernel.directory.models import Organization, code_validator
from kernel.editing import MonthField, Versioned, is_month_start, raise_version
from kernel.tracking import told, tracked
from metrics.models.fields import MeasureField, TotalField
from metrics.models.indicators import Indicator
from metrics.models.marks import FOLD_DUE, OUTCOME_DUE_BY_SERIES, SERIES_CHANGED, TARGET_CHANGED
from metrics.querysets.measurements import MeasurementQuerySet, MonthlyValueQuerySet, SeriesQuerySet, TargetQuerySet


@told(parts=("targets", "measurements"), to=PARTNERS, also=("code",))
@tracked()
class Series(Versioned):
    """One indicator measured for one subject: a service level of a contract, or an outcome of an agency."""

    KEY = "code"

    code = models.CharField(_("code"), max_length=120, unique=True, validators=[code_validator], db_collation="C")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="series", verbose_name=_("indicator"), db_constraint=False
    )
    # Copied from the indicator; a composite foreign key keeps both equal, so that a target's check can read it.
    direction = models.CharField(max_length=6, choices=Indicator.Direction.choices, editable=False)
    agency = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="series_measured_for",
        verbose_name=_("agency"),
        help_text=_("Whom it is measured for."),
    )
    provider = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="series_measured_of",
        verbose_name=_("provider"),
        help_text=_("Whose performance it measures."),
    )

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["id", "direction"], name="series_direction")]
        triggers = [raise_version, *SERIES_CHANGED]

    def __str__(self) -> str:
        return self.code


@told(named_by=("effective_from",), to=PARTNERS)
@tracked()
class Target(Versioned):
    """Floor, target and stretch of a series, in force from the first day of a month until its next target begins."""

    WRITTEN = ("effective_from", "floor", "target", "stretch", "reason")
    PART_OF = "series"

    series = models.ForeignKey(
        Series, models.PROTECT, db_index=False, related_name="targets", verbose_name=_("series"), db_constraint=False
    )
    direction = models.CharField(max_length=6, choices=Indicator.Direction.choices, editable=False)
    effective_from = MonthField(_("in force from"))
    floor = MeasureField(_("floor"), null=True, blank=True, help_text=_("At or beyond it, attainment is 0."))
    target = MeasureField(_("target"), help_text=_("What was agreed."))
    stretch = MeasureField(_("stretch"), null=True, blank=True, help_text=_("At or beyond it, attainment is 100."))
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["series", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "effective_from"],
                name="target_one_per_month",
                violation_error_message=_("This series already has a target from that month."),
            ),
            models.CheckConstraint(condition=is_month_start("effective_from"), name="target_from_month_start"),
            models.CheckConstraint(
                condition=Q(direction="higher", floor__isnull=True)
                | Q(direction="lower", floor__isnull=True)
                | Q(direction="higher", floor__lt=F("target"))
                | Q(direction="lower", floor__gt=F("target")),
                name="target_floor_is_worse",
                violation_error_message=_(
                    "The floor must be worse than the target: lower where higher is better, else higher."
                ),
            ),
            models.CheckConstraint(
                condition=Q(direction="higher", stretch__isnull=True)
                | Q(direction="lower", stretch__isnull=True)
                | Q(direction="higher", stretch__gt=F("target"))
                | Q(direction="lower", stretch__lt=F("target")),
                name="target_stretch_is_better",
                violation_error_message=_(
                    "The stretch must be better than the target: higher where higher is better, else lower."
                ),
            ),
        ]
        triggers = [raise_version, *TARGET_CHANGED]

    def __str__(self) -> str:
        return f"{self.series_id} {self.effective_from:%Y-%m}"

    def clean(self) -> None:
        """Take the direction from the series, so that the checks read the right one."""
        if self.series_id:
            self.direction = self.series.direction


@told(
    named_by=("observed_on", "reference"),
    to=PARTNERS,
    also=("excluded_at", "exclusion_reason"),
)
@pghistory.track(
    # The row is its own record of what came first, so an insert writes no event; a replaced value is kept as it was.
    pghistory.UpdateEvent(
        row=pghistory.Old,
        condition=pgtrigger.AnyChange(
            "value", "numerator", "denominator", "comment", "excluded_at", "exclusion_reason"
        ),
        level=pgtrigger.Statement,
    ),
    pghistory.DeleteEvent(level=pgtrigger.Statement),
)
class Measurement(Versioned):
    """One observation of a series on a date: a value, or a numerator and a denominator."""

    WRITTEN = ("observed_on", "reference", "value", "numerator", "denominator", "comment")
    PART_OF = "series"
    UNTOLD = ("observed_on", "reference", "comment")  # the first two name it and stay

    id = models.BigAutoField(primary_key=True)
    series = models.ForeignKey(
        Series, models.PROTECT, db_index=False, related_name="measurements", verbose_name=_("series")
    )
    observed_on = models.DateField(_("observed on"))
    reference = models.CharField(
        _("reference"),
        max_length=120,
        blank=True,
        default="",
        db_collation="C",
        help_text=_("What tells two observations of one day apart."),
    )
    value = MeasureField(_("value"), null=True, blank=True)
    numerator = MeasureField(_("numerator"), null=True, blank=True)
    denominator = MeasureField(_("denominator"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True, default="")
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)
    excluded_at = models.DateTimeField(_("excluded"), null=True, blank=True, editable=False)
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    exclusion_reason = models.CharField(_("reason for exclusion"), max_length=500, blank=True, default="")

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["series", "observed_on", "reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "observed_on", "reference"],
                name="measurement_identity",
                violation_error_message=_("This series already has a measurement of that day and reference."),
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, numerator__isnull=True, denominator__isnull=True)
                | Q(value__isnull=True, numerator__isnull=False, denominator__isnull=False),
                name="measurement_one_form",
                violation_error_message=_("Give either a value, or a numerator and a denominator."),
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gte=0),
                name="measurement_denominator_not_negative",
                violation_error_message=_("The denominator cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(excluded_at__isnull=True, excluded_by__isnull=True, exclusion_reason="")
                | (Q(excluded_at__isnull=False, excluded_by__isnull=False) & ~Q(exclusion_reason="")),
                name="measurement_exclusion_has_reason",
                violation_error_message=_("An exclusion needs a reason and who excluded."),
            ),
        ]
        triggers = [raise_version, *FOLD_DUE]

    def __str__(self) -> str:
        return f"{self.series_id} {self.observed_on}"

    def clean(self) -> None:
        """An observation lies in the past, in the form that its indicator is measured in.

        The import judges by the same rules, but in SQL and by row: files hold millions of measurements.
        """
        # A form that could not read the day leaves it open.
        if self.observed_on is not None and self.observed_on > timezone.localdate():  # type: ignore[redundant-expr]
            message = _("This day lies in the future. Enter the day it was observed on.")
            raise ValidationError({"observed_on": message})
        indicator = self.series.indicator
        wrong = [name for name in indicator.figures_not_taken() if getattr(self, name) is not None]
        if wrong:
            of_sums, of_values = _("A ratio takes numerator and denominator."), _("This indicator takes a value.")
            raise ValidationError(dict.fromkeys(wrong, of_sums if indicator.is_ratio else of_values))
        if self.denominator == 0 and self.numerator:
            raise ValidationError({"denominator": _("The denominator is zero but the numerator is not.")})


class MonthlyValue(models.Model):
    """All counted measurements of one series in one calendar month, folded into one row."""

    pk = models.CompositePrimaryKey("series_id", "month")
    series = models.ForeignKey(
        Series, models.PROTECT, db_index=False, related_name="monthly_values", verbose_name=_("series")
    )
    month = MonthField(_("month"))
    n = models.PositiveIntegerField(_("measurements"))
    total = TotalField(null=True)
    minimum = MeasureField(null=True)
    maximum = MeasureField(null=True)
    last = MeasureField(null=True)
    numerator = TotalField(null=True)
    denominator = TotalField(null=True)

    objects = MonthlyValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly value")
        verbose_name_plural = _("monthly values")
        constraints = [
            models.CheckConstraint(condition=is_month_start("month"), name="monthlyvalue_month_start"),
            models.CheckConstraint(condition=Q(n__gt=0), name="monthlyvalue_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.month:%Y-%m}"


class FoldDue(models.Model):
    """A mark that one series' month is to be folded again; append-only, so writers never wait for each other."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    month = models.DateField()

    class Meta:
        verbose_name = _("fold due")
        verbose_name_plural = _("folds due")

    def __str__(self) -> str:
        return f"{self.series_id} {self.month:%Y-%m}"


class SeriesChange(models.Model):
    """A mark that what the arithmetic reads of a series changed for a run of months; higher rooms pull it."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    first_month = models.DateField()
    last_month = models.DateField(null=True, help_text="Null: from the first month on.")

    class Meta:
        verbose_name = _("series change")
        verbose_name_plural = _("series changes")
        triggers = OUTCOME_DUE_BY_SERIES

    def __str__(self) -> str:
        return f"{self.series_id} {self.first_month:%Y-%m}"
