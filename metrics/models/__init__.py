"""Measuring: what can be measured, what was measured, and how it is judged."""

from metrics.imports.models import Import, ImportedMeasurement, ImportPart
from metrics.models.indicators import Indicator
from metrics.models.measurements import FoldDue, Measurement, MonthlyValue, Series, SeriesChange, Target
from metrics.models.methodologies import Dimension, GradeBand, Methodology
from metrics.models.outcomes import Outcome, OutcomeDue, OutcomeReading, OutcomeSeries

__all__ = [
    "Dimension",
    "FoldDue",
    "GradeBand",
    "Import",
    "ImportPart",
    "ImportedMeasurement",
    "Indicator",
    "Measurement",
    "Methodology",
    "MonthlyValue",
    "Outcome",
    "OutcomeDue",
    "OutcomeReading",
    "OutcomeSeries",
    "Series",
    "SeriesChange",
    "Target",
]
