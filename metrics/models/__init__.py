"""Measuring: what can be measured, what was measured, and how it is judged."""

from metrics.models.imports import Import, ImportedMeasurement, ImportPart
from metrics.models.judging import GradeBand, Methodology
from metrics.models.measuring import (
    Dimension,
    FoldDue,
    Indicator,
    Measurement,
    MonthlyValue,
    Series,
    SeriesChange,
    Target,
)
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
