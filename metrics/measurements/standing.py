"""Series as they stand: what was measured last, and what is agreed."""

from metrics.models import MonthlyValue, Target
from metrics.querysets.measurements import SeriesQuerySet


def as_they_stand(series: SeriesQuerySet) -> SeriesQuerySet:
    """Each of `series` with its latest month and value, and its newest target."""
    return series.with_latest(MonthlyValue.objects.all(), Target.objects.all())
