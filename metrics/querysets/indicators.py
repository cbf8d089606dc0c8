"""Access rules of indicators."""

from kernel.access import OpenQuerySet


class IndicatorQuerySet(OpenQuerySet):
    """Indicators are definitions."""
