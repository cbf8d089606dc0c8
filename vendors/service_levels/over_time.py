"""Service levels of one contract over time: what was agreed and what was measured, month by month."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kernel.accounts.models import User
from metrics.measurements.expressions import value_of_month
from metrics.methodologies.scoring import add_months, month_range
from metrics.models import MonthlyValue, Target
from vendors.models import ServiceLevel

MONTHS_SHOWN = 24


@dataclass(frozen=True)
class LevelOverTime:
    """One service level: its targets, the newest first, and its last two years of months."""

    level: ServiceLevel
    targets: list[Target]
    values: list[Decimal | None]
    goals: list[Decimal | None]

    @property
    def low(self) -> Decimal:
        """The lowest figure drawn."""
        return min(self._figures, default=Decimal(0))

    @property
    def high(self) -> Decimal:
        """The highest figure drawn."""
        return max(self._figures, default=Decimal(0))

    @property
    def has_data(self) -> bool:
        """Whether anything was measured in these months."""
        return any(value is not None for value in self.values)

    @property
    def _figures(self) -> list[Decimal]:
        return [figure for figure in (*self.values, *self.goals) if figure is not None]


def target_in_force(targets: Sequence[Target], day: datetime.date) -> Target | None:
    """The target in force on a day, of targets in order."""
    return next((target for target in reversed(targets) if target.effective_from <= day), None)


def over_time(levels: Sequence[ServiceLevel], user: User) -> list[LevelOverTime]:
    """Service levels (`with_latest`) over the two years up to the newest month of any: two queries."""
    latest = [level.latest_month for level in levels if level.latest_month]  # type: ignore[attr-defined]  # annotated
    months = month_range(add_months(max(latest), 1 - MONTHS_SHOWN), MONTHS_SHOWN) if latest else ()
    series = [level.series_id for level in levels]
    targets: dict[int, list[Target]] = defaultdict(list)
    for target in Target.objects.visible_to(user).filter(series__in=series).order_by("effective_from"):
        targets[target.series_id].append(target)
    values = MonthlyValue.objects.visible_to(user).filter(series__in=series, month__in=months)
    figures = {
        (row.series_id, row.month): row.figure for row in values.annotate(figure=value_of_month("series__indicator"))
    }
    return [
        LevelOverTime(
            level,
            targets[level.series_id][::-1],
            [figures.get((level.series_id, month)) for month in months],
            [_goal(targets[level.series_id], month) for month in months],
        )
        for level in levels
    ]


def _goal(targets: Sequence[Target], month: datetime.date) -> Decimal | None:
    target = target_in_force(targets, month)
    return target.target if target is not None else None
