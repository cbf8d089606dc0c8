"""Outcomes: the change an investment is for, and where it stands."""

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import AGENCY_MEMBERS
from kernel.directory.models import Organization, code_validator
from kernel.editing import MonthField, Versioned, is_month_start, raise_version
from kernel.searching import SearchableWords
from kernel.tracking import told, tracked
from metrics.models.fields import CoverageField, ScoreField
from metrics.models.marks import OUTCOME_DUE_BY_MEASURES
from metrics.models.measurements import Series
from metrics.querysets.outcomes import OutcomeQuerySet, OutcomeReadingQuerySet, OutcomeSeriesQuerySet


@told(parts=("measures",), to=AGENCY_MEMBERS)
@tracked()
class Outcome(Versioned):
    """The change for citizens or the agency that an investment is for."""

    WRITTEN = ("code", "name", "description", "organization", "retired_on")
    KEY = "code"
    UNTOLD = ("organization",)

    code = models.CharField(_("code"), max_length=120, unique=True, validators=[code_validator])
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="outcomes", verbose_name=_("agency"))
    name = models.CharField(_("name"), max_length=1000)
    description = models.TextField(_("description"), blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = [Lower("name"), "code"]
        indexes = [GinIndex(SearchableWords("code", "name", "description"), name="outcome_words")]
        triggers = [raise_version]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("metrics:outcome_detail", args=[self.code])

    def first_measure(self) -> Series | None:
        """The series that weighs most, of measures fetched beforehand."""
        measures = list(self.measures.all())
        return measures[0].series if measures else None


@told(named_by=("series",), to=AGENCY_MEMBERS)
@tracked()
class OutcomeSeries(Versioned):
    """One series that measures an outcome, with its weight among the outcome's series."""

    WRITTEN = ("series", "weight")
    PART_OF = "outcome"

    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="measures", verbose_name=_("outcome"))
    series = models.ForeignKey(Series, models.PROTECT, related_name="outcome_links", verbose_name=_("series"))
    weight = models.DecimalField(
        _("weight"), max_digits=8, decimal_places=3, default=1, validators=[MinValueValidator(0)]
    )

    objects = OutcomeSeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure of an outcome")
        verbose_name_plural = _("measures of outcomes")
        ordering = ["outcome", "series"]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "series"],
                name="outcomeseries_once",
                violation_error_message=_("This series measures the outcome already."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="outcomeseries_weight_positive",
                violation_error_message=_("The weight must be above 0."),
            ),
        ]
        triggers = [raise_version, *OUTCOME_DUE_BY_MEASURES]

    def __str__(self) -> str:
        return f"{self.outcome_id} {self.series_id}"

    def clean(self) -> None:
        """An outcome is measured by what is measured for its agency."""
        if self.series_id and self.series.agency_id != self.outcome.organization_id:
            message = _("This series is measured for another agency. Choose one of the outcome's own.")
            raise ValidationError({"series": message})


class OutcomeReading(models.Model):
    """Where one outcome stood over the twelve months that end with a month: attainment, coverage, status."""

    class Status(models.TextChoices):
        ON_TRACK = "on_track", _("On track")
        AT_RISK = "at_risk", _("At risk")
        OFF_TRACK = "off_track", _("Off track")
        NO_DATA = "no_data", _("No data")

    outcome = models.ForeignKey(
        Outcome, models.PROTECT, db_index=False, related_name="readings", verbose_name=_("outcome")
    )
    month = MonthField(_("month"))
    attainment = ScoreField(_("attainment"), null=True)
    coverage = CoverageField(_("coverage"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)

    objects = OutcomeReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome reading")
        verbose_name_plural = _("outcome readings")
        ordering = ["outcome", "month"]
        constraints = [
            models.UniqueConstraint(fields=["outcome", "month"], name="outcomereading_once_a_month"),
            models.CheckConstraint(condition=is_month_start("month"), name="outcomereading_month_start"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome_id} {self.month:%Y-%m}"


class OutcomeDue(models.Model):
    """A mark that what an outcome is judged by changed for a run of months; append-only."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    first_month = models.DateField()
    last_month = models.DateField(null=True, help_text="Null: from the first month on.")

    class Meta:
        verbose_name = _("outcome due")
        verbose_name_plural = _("outcomes due")

    def __str__(self) -> str:
        return f"{self.outcome_id} {self.first_month:%Y-%m}"
