"""Column types of measuring: exact decimals, never floats."""

from typing import Any

from django.db import models


class MeasureField(models.DecimalField):
    """A measured or agreed figure: 21 digits before the point, 9 behind it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 30)
        kwargs.setdefault("decimal_places", 9)
        super().__init__(*args, **kwargs)


class TotalField(models.DecimalField):
    """A sum of measured figures."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 40)
        kwargs.setdefault("decimal_places", 9)
        super().__init__(*args, **kwargs)


class ScoreField(models.DecimalField):
    """A score, attainment or contribution from 0 to 100, stored with 9 decimals (scoring method, §6)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 9)
        super().__init__(*args, **kwargs)


class CoverageField(models.DecimalField):
    """A coverage from 0 to 1, stored with 9 decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 10)
        kwargs.setdefault("decimal_places", 9)
        super().__init__(*args, **kwargs)
