"""Access rules and domain words of methodologies."""

import datetime
from typing import TYPE_CHECKING

from kernel.access import OpenQuerySet

if TYPE_CHECKING:
    from metrics.models import Methodology


class MethodologyQuerySet(OpenQuerySet):
    """Methodologies are open: whoever is scored may read how."""

    def for_periods_from(self, month: datetime.date) -> "Methodology | None":
        """The state's default for periods that start in a month: today's, or the one before it was used."""
        default = self.filter(is_default=True).first()
        if default is None or default.in_use_from is None or default.in_use_from <= month:
            return default
        return self.filter(in_use_from__lte=month).order_by("-in_use_from").first()
