"""Reasons for which rows of measurements are refused, in words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why one row is refused."""

    UNREADABLE = "unreadable", _("A quotation mark is not closed or stands in the wrong place.")
    RAGGED = "ragged", _("The row does not have as many cells as the header.")
    NOT_UTF8 = "not_utf8", _("The row holds bytes that are not UTF-8.")
    NUL = "nul", _("The row holds a NUL byte.")
    BAD_DATE = "bad_date", _("The date is not a day written as YYYY-MM-DD.")
    FUTURE_DATE = "future_date", _("The date lies in the future.")
    BAD_NUMBER = "bad_number", _("A figure is not a plain number such as 99.5.")
    TOO_LONG_NUMBER = "too_long_number", _("A figure has more than 21 digits before or 9 behind the point.")
    ONE_FORM = "one_form", _("Give either a value, or a numerator and a denominator.")
    NEGATIVE_DENOMINATOR = "negative_denominator", _("The denominator cannot be negative.")
    ZERO_DENOMINATOR = "zero_denominator", _("The denominator is zero but the numerator is not.")
    LONG_REFERENCE = "long_reference", _("The reference is longer than 120 characters.")
    UNKNOWN_SERIES = "unknown_series", _("There is no series with this code.")
    NOT_YOURS = "not_yours", _("You may not change measurements of this series.")
    NEEDS_SUMS = "needs_sums", _("This series is a ratio: give a numerator and a denominator.")
    NEEDS_VALUE = "needs_value", _("This series is no ratio: give a value.")
    CLASH = "clash", _("The same series, day and reference stand in the file again with other figures.")
