"""Pages of rows whose own room has none: a higher room shows them."""

from typing import Any

from django.urls import reverse


def of_merge(merge: Any) -> str:
    """Where two organizations that became one are told of."""
    return reverse("vendors:merge_detail", args=[merge.pk])


def of_series(series: Any) -> str:
    """Where a series is shown: the page of its service level."""
    return reverse("vendors:service_level_detail", args=[series.code])
