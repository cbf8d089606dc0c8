"""Access rules and domain words of files of measurements."""

from typing import Self

from django.db.models import Count, F
from django.db.models.functions import TruncMonth
from django.db.models.lookups import LessThan, LessThanOrEqual

from kernel.access import MEASURERS
from kernel.expressions import MonthsEarlier
from kernel.uploads.querysets import UploadPartQuerySet, UploadQuerySet


class ImportQuerySet(UploadQuerySet):
    """Files of measurements: whoever sent one sees it; the CIO's office and auditors see all."""

    creator_roles = MEASURERS


class ImportedMeasurementQuerySet(UploadPartQuerySet):
    """What imports did to measurements is read through their page alone, too."""

    def intact(self) -> Self:
        """Those that nobody changed, excluded, sent again or removed since."""
        return self.filter(measurement__version=F("version_left"))

    def scorecards_published_since(self) -> int:
        """How many scorecards, published after the import, cover a month that it measured; the path leads up."""
        card = "measurement__series__service_level__scorecard_lines__scorecard"
        begins, month = F(f"{card}__period_start"), TruncMonth("measurement__observed_on")
        covering = self.filter(
            LessThan(MonthsEarlier(month, F(f"{card}__months")), begins),
            LessThanOrEqual(begins, month),
            **{f"{card}__published_at__gt": F("owner__merged_at")},
        )
        count: int = covering.aggregate(count=Count(card, distinct=True))["count"]
        return count
