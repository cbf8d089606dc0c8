"""Spans of days in which rows are in force, as conditions of queries."""

import datetime

from django.db.models import Q


def running(path: str, today: datetime.date) -> Q:
    """Rows at the end of `path` that are in force on a day."""
    until = Q(**{f"{path}__ends_on__isnull": True}) | Q(**{f"{path}__ends_on__gte": today})
    return until & Q(**{f"{path}__starts_on__lte": today})
