"""Counting lists no further than people look: a count over millions of rows would cost more than the page."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST_COUNTED = 10_000


def count_capped(rows: QuerySet[Any]) -> tuple[int, bool]:
    """How many rows there are, counted up to 10,000, and whether there are more."""
    count = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return min(count, MOST_COUNTED), count > MOST_COUNTED


class CappedPaginator(Paginator):
    """Pages of a table up to its ten thousandth row; beyond that a filter leads further than turning pages."""

    @cached_property
    def counted(self) -> tuple[int, bool]:
        """The capped count of the queryset behind the table's rows."""
        rows: Any = self.object_list
        return count_capped(rows.data.data)

    @cached_property
    def count(self) -> int:
        """Rows that can be turned to."""
        return self.counted[0]

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than can be turned to."""
        return self.counted[1]
