"""The rules of what is measured: metrics with their targets and results, activities, and the CIO's ratings."""

import datetime
import hashlib
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.text import slugify
from django.utils.translation import gettext as _

from agencies.it_dashboard.planned import (
    Known,
    Plan,
    PlannedIndicator,
    PlannedLevel,
    PlannedMeasurement,
    PlannedOutcome,
    PlannedTarget,
    latest,
)
from agencies.it_dashboard.reading import RefusedRowError
from agencies.it_dashboard.rows import Activity, Export, Investment, Kind, Metric, PortfolioItem, Result
from metrics.models import Dimension, Indicator

# All service levels are in force from here: these are the first targets known.
FIRST_MONTH = datetime.date(2020, 1, 1)
PERCENT = frozenset({"%", "percent", "percents", "percentage", "percentages", "per cent", "pct"})
DIMENSIONS = {
    "": Dimension.SERVICE_QUALITY,
    "1": Dimension.SERVICE_QUALITY,
    "2": Dimension.OUTCOMES,
    "3": Dimension.COST,
    "4": Dimension.INNOVATION,
}
DIRECTIONS = {"overtarget": Indicator.Direction.HIGHER, "undertarget": Indicator.Direction.LOWER}
CADENCES = {
    "daily": Indicator.Cadence.DAILY,
    "weekly": Indicator.Cadence.WEEKLY,
    "monthly": Indicator.Cadence.MONTHLY,
    "quarterly": Indicator.Cadence.QUARTERLY,
    "semiannual": Indicator.Cadence.SEMIANNUAL,
    "semiannually": Indicator.Cadence.SEMIANNUAL,
    "annual": Indicator.Cadence.YEARLY,
    "annually": Indicator.Cadence.YEARLY,
    "yearly": Indicator.Cadence.YEARLY,
}
RATINGS = frozenset("12345")
UNRATED = frozenset({"", "-", "--", "n/a"})
OBJECTIVE = re.compile(r"(?P<code>[A-Za-z0-9][A-Za-z0-9._-]{0,39})\s*:\s*(?P<name>.+)", re.DOTALL | re.ASCII)
CATEGORY_NUMBER = re.compile(r"\d+", re.ASCII)
LETTERS = re.compile(r"[^a-z]")

SCHEDULE = PlannedIndicator(
    "activities-on-time",
    "Activities completed on time",
    Indicator.Cadence.QUARTERLY,
    "%",
    Indicator.Direction.HIGHER,
    Indicator.Aggregation.RATIO,
)
COST = PlannedIndicator(
    "activity-cost",
    "Actual over planned cost of completed activities",
    Indicator.Cadence.QUARTERLY,
    "%",
    Indicator.Direction.LOWER,
    Indicator.Aggregation.RATIO,
)
RISK = PlannedIndicator(
    "cio-risk-rating",
    "CIO's risk rating, 5 is least risk",
    Indicator.Cadence.YEARLY,
    "points",
    Indicator.Direction.HIGHER,
    Indicator.Aggregation.LAST,
)
# Dimension, floor, target and stretch of the service levels that an agreement has beside its metrics.
EXTRAS = {
    SCHEDULE: ("schedule", Dimension.SCHEDULE, Decimal(0), Decimal(80), Decimal(100)),
    COST: ("cost", Dimension.COST, Decimal(130), Decimal(100), Decimal(90)),
    RISK: ("risk", Dimension.RISK_COMPLIANCE, Decimal(1), Decimal(3), Decimal(5)),
}


def plan_metrics(export: Export, investments: Mapping[str, Investment], known: Known, plan: Plan) -> None:
    """Plan what metrics become: indicators, series, service levels, targets, outcomes and measurements."""
    metrics = latest(export.metrics, lambda row: (row.uii, row.metric_id), Kind.SERVICE_LEVEL, plan)
    results = latest(export.results, _identity, Kind.MEASUREMENT, plan)
    last_results: dict[str, datetime.date] = {}
    for result in results:
        last_results[result.code] = max(last_results.get(result.code, result.observed_on), result.observed_on)
    taken: set[str] = set()
    reasons: dict[str, str] = {}
    for metric in metrics:
        try:
            level = level_of(metric, investments, last_results.get(metric.code), known)
        except RefusedRowError as error:
            reasons[metric.code] = str(error)
            plan.refuse(Kind.SERVICE_LEVEL, metric.place, metric.code, str(error))
            continue
        taken.add(metric.code)
        plan.levels.append(level)
        plan.targets += targets_of(metric, level.indicator.direction)
        if level.dimension == Dimension.OUTCOMES and metric.objective:
            outcome = outcome_of(metric.objective, investments[metric.uii].bureau_code)
            plan.outcomes.setdefault(outcome.code, outcome)
            plan.outcome_series.append((outcome.code, metric.code))
    for result in results:
        if result.code in taken:
            plan.measurements.append(
                PlannedMeasurement(
                    result.code, result.observed_on, result.result_id, value=result.value, comment=result.comment
                )
            )
            continue
        reason = reasons.get(result.code)
        text = _("its metric is refused: %(reason)s") % {"reason": reason} if reason else _("its metric is missing")
        plan.refuse(Kind.MEASUREMENT, result.place, f"{result.code} {result.result_id}", text)


def _identity(result: Result) -> tuple[str, datetime.date, str]:
    return result.code, result.observed_on, result.result_id


def level_of(
    metric: Metric, investments: Mapping[str, Investment], last_result: datetime.date | None, known: Known
) -> PlannedLevel:
    """The service level a metric becomes; raises RefusedRowError where it becomes none."""
    if metric.uii not in investments:
        raise RefusedRowError(_("its investment is missing or refused"))
    indicator = PlannedIndicator(
        code=metric.code,
        name=metric.description,
        cadence=_cadence(metric.frequency),
        unit=unit_of(metric.unit),
        direction=_direction(metric.condition),
        aggregation=Indicator.Aggregation.MEAN,
    )
    if known.indicators.get(metric.code, indicator[3:]) != indicator[3:]:
        raise RefusedRowError(_("unit or condition changed, and those of an indicator that is in use are fixed"))
    last_month = _last_month(last_result) if metric.is_retired else None
    return PlannedLevel(metric.code, indicator, metric.uii, _dimension(metric.category), last_month)


def _last_month(last_result: datetime.date | None) -> datetime.date:
    """The month that a retired metric ends with."""
    if last_result is None:
        raise RefusedRowError(_("it is retired and has no dated result"))
    if last_result < FIRST_MONTH:
        raise RefusedRowError(_("it is retired and ended before 2020-01"))
    return last_result.replace(day=1)


def unit_of(unit: str) -> str:
    """The unit in lower case, percent as its sign."""
    plain = unit.casefold()
    return "%" if plain in PERCENT else plain


def _direction(condition: str) -> str:
    if not condition:
        raise RefusedRowError(_("measurement_condition is blank, so nobody knows which direction is better"))
    direction = DIRECTIONS.get(LETTERS.sub("", condition.casefold()))
    if direction is None:
        raise RefusedRowError(_("measurement_condition “%(value)s” is unknown") % {"value": condition})
    return direction


def _cadence(frequency: str) -> str:
    cadence = CADENCES.get(LETTERS.sub("", frequency.casefold()))
    if cadence is None:
        raise RefusedRowError(_("reporting_frequency “%(value)s” is unknown") % {"value": frequency})
    return cadence


def _dimension(category: str) -> str:
    number = CATEGORY_NUMBER.match(category)
    dimension = DIMENSIONS.get(number[0] if number else category)
    if dimension is None:
        message = _("performance_measurement_category_mapping “%(value)s” is unknown")
        raise RefusedRowError(message % {"value": category})
    return dimension


def targets_of(metric: Metric, direction: str) -> list[PlannedTarget]:
    """The targets of a metric; the baseline is their floor where it is worse."""
    return [
        PlannedTarget(metric.code, month, _floor(metric.baseline, target, direction), target, None, direction)
        for month, target in metric.targets
    ]


def _floor(baseline: Decimal | None, target: Decimal, direction: str) -> Decimal | None:
    if baseline is None:
        return None
    is_worse = baseline < target if direction == Indicator.Direction.HIGHER else baseline > target
    return baseline if is_worse else None


def outcome_of(objective: str, bureau: str) -> PlannedOutcome:
    """The outcome of a bureau that an objective is; objectives begin with a code of their own."""
    match = OBJECTIVE.fullmatch(objective)
    if match:
        return PlannedOutcome(f"{bureau}-{match['code']}", bureau, match["name"])
    digest = hashlib.sha256(objective.casefold().encode()).hexdigest()[:8]
    return PlannedOutcome(f"{bureau}-{slugify(objective)[:40].strip('-') or 'objective'}-{digest}", bureau, objective)


def plan_activities(activities: Iterable[Activity], investments: Mapping[str, Investment], plan: Plan) -> None:
    """Plan the schedule and cost service levels of agreements with completed activities."""
    observations = []
    for row in latest(activities, _activity_identity, Kind.MEASUREMENT, plan):
        if row.uii not in investments:
            reason = _("its investment is missing or refused")
            plan.refuse(Kind.MEASUREMENT, row.place, f"{row.uii} {row.structure_id}", reason)
            continue
        if row.completed_on is None:
            continue
        if row.planned_on is not None:
            on_time = Decimal(row.completed_on <= row.planned_on)
            observations.append((SCHEDULE, row.uii, row.completed_on, row.structure_id, on_time, Decimal(1)))
        if row.planned_cost is not None and row.planned_cost > 0 and row.actual_cost is not None:
            observations.append((COST, row.uii, row.completed_on, row.structure_id, row.actual_cost, row.planned_cost))
    for indicator, uii in dict.fromkeys((indicator, uii) for indicator, uii, *_rest in observations):
        _plan_extra(indicator, uii, plan)
    for indicator, uii, day, reference, numerator, denominator in observations:
        series = _extra_code(indicator, uii)
        plan.measurements.append(
            PlannedMeasurement(series, day, reference, numerator=numerator, denominator=denominator)
        )


def _activity_identity(row: Activity) -> tuple[object, ...]:
    return row.uii, row.completed_on, row.structure_id


def plan_ratings(portfolio: Iterable[PortfolioItem], investments: Mapping[str, Investment], plan: Plan) -> None:
    """Plan the risk service levels of agreements that the department's CIO rated."""
    for item in portfolio:
        investment = investments.get(item.uii)
        if investment is None or item.rating.casefold() in UNRATED:
            continue
        if item.rating not in RATINGS:
            reason = _("CIO rating “%(value)s” is not 1 to 5") % {"value": item.rating}
            plan.refuse(Kind.MEASUREMENT, item.place, item.uii, reason)
            continue
        if investment.updated_on is None:
            reason = _("date_last_investment_detail_update is empty, so nobody knows when its CIO rated it")
            plan.refuse(Kind.MEASUREMENT, investment.place, item.uii, reason)
            continue
        _plan_extra(RISK, item.uii, plan)
        plan.measurements.append(
            PlannedMeasurement(_extra_code(RISK, item.uii), investment.updated_on, "", value=Decimal(item.rating))
        )


def _extra_code(indicator: PlannedIndicator, uii: str) -> str:
    return f"{uii}-{EXTRAS[indicator][0]}"


def _plan_extra(indicator: PlannedIndicator, uii: str, plan: Plan) -> None:
    """Plan one of the service levels that an agreement has beside its metrics, with its target."""
    _name, dimension, floor, target, stretch = EXTRAS[indicator]
    code = _extra_code(indicator, uii)
    plan.levels.append(PlannedLevel(code, indicator, uii, dimension))
    plan.targets.append(PlannedTarget(code, FIRST_MONTH, floor, target, stretch, indicator.direction))
