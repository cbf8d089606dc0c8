"""Outcomes, indicators, methodologies, series, targets, measurements and files of measurements."""

from decimal import Decimal
from typing import Any

from metrics.models import Import, Indicator, Measurement, Methodology, Outcome, OutcomeSeries, Series, Target
from tests.conftest import JANUARY
from tests.resources.entry import Resource, Side, pages_of, part_pages
from tests.resources.letters import (
    AGENCY_SIDE,
    EDITORS,
    EDITORS_AND_INTEGRATOR,
    EVERYBODY,
    OFFICE_ALONE,
    PARTIES_AND_INTEGRATOR,
    WHO_ASKED,
    Line,
    both,
    to,
)


def make_import(side: Side) -> Import:
    """A file of measurements that the manager sent; theirs the office."""
    by = side.cast.cio if side.is_theirs else side.cast.manager
    return Import.objects.create(file_name=f"{side.name}.csv", started_by=by)


def make_outcome(side: Side) -> Outcome:
    return Outcome.objects.create(code=f"{side.name}-faster", organization=side.agency, name="Faster permits")


def edition(**changes: Any) -> dict[str, Any]:
    """A methodology as another system writes it."""
    weights = {"outcomes": "50", "service_quality": "20", "relationship": "10", "risk_compliance": "5", "cost": "10"}
    return {
        "code": "letters",
        "name": "Letters",
        "weights": {**weights, "schedule": "5", "innovation": "0"},
        "score_at_target": "80",
        "minimum_coverage": "0.5",
        "bands": [{"name": "Fail", "lower_bound": "0"}, {"name": "Pass", "lower_bound": "60.5"}],
        **changes,
    }


RESOURCES = (
    Resource(
        Outcome,
        make_outcome,
        "outcomes",
        referred_to_as=("outcome",),
        reads=AGENCY_SIDE,
        changes=EDITORS,
        pages=pages_of("metrics:outcome", listed=AGENCY_SIDE, reads=AGENCY_SIDE, changes=EDITORS),
        body={"code": "faster", "name": "Faster", "agency": "health"},
        change={"retired_on": "2024-01-01"},
        beside=(3, 3),  # the latest month judged; which series measure each, and their codes
        marks={"code": ("outcome-of-health", "outcome-of-parks"), "name": ("change-of-health", "change-of-parks")},
    ),
    Resource(
        OutcomeSeries,
        lambda side: OutcomeSeries.objects.create(outcome=side[Outcome], series=side.level.series),
        "outcome-measures",
        reads=AGENCY_SIDE,
        changes=EDITORS,
        pages=part_pages("metrics:measure", Outcome, EDITORS),
        body={"outcome": "queues", "series": "C-1-uptime"},
        change={"weight": "2.5"},
        marks={"weight": (Decimal("6.123"), Decimal("6.321"))},
    ),
    Resource(
        Indicator,
        lambda side: side.level.series.indicator,
        "indicators",
        referred_to_as=("indicator",),
        reads=EVERYBODY,
        changes=OFFICE_ALONE,
        pages=pages_of("metrics:indicator", listed=EVERYBODY, reads=EVERYBODY, changes=OFFICE_ALONE),
        body={"code": "waiting", "name": "Waiting time", "unit": "min", "direction": "lower"},
        change={"description": "From door to desk"},
        marks={"description": ("indicator-of-health", "indicator-of-parks")},
    ),
    Resource(
        Methodology,
        lambda side: side.methodology,
        "methodologies",
        referred_to_as=("methodology",),
        reads=EVERYBODY,
        changes=OFFICE_ALONE,
        pages={
            "metrics:methodology_list": EVERYBODY,
            "metrics:methodology_detail": EVERYBODY.showing(3),
            "metrics:methodology_create": OFFICE_ALONE,
            "metrics:methodology_update": OFFICE_ALONE.showing(3),
            "metrics:methodology_discard": OFFICE_ALONE.showing(3),
        },
        body=edition(),
        change={
            "bands": [
                {"position": 1, "name": "F", "lower_bound": "0"},
                {"position": 2, "name": "A", "lower_bound": "70"},
            ]
        },
        beside=(1, 1),  # grade bands
    ),
    Resource(
        Series,
        lambda side: side.level.series,
        "series",
        referred_to_as=("series",),
        reads=PARTIES_AND_INTEGRATOR,
        marks={"code": ("series-of-health", "series-of-parks")},
    ),
    Resource(
        Target,
        lambda side: side.level.series.targets.get(),
        "targets",
        reads=PARTIES_AND_INTEGRATOR,
        changes=EDITORS,
        pages=part_pages("metrics:target", Series, EDITORS),
        body={"series": "C-1-uptime", "effective_from": "2022-01", "target": "97"},
        change={"floor": "90"},
        marks={"reason": ("agreed-with-health", "agreed-with-parks")},
    ),
    Resource(
        Measurement,
        lambda side: Measurement.objects.create(series=side.level.series, observed_on=JANUARY, value=96),
        "measurements",
        reads=PARTIES_AND_INTEGRATOR,
        changes=EDITORS_AND_INTEGRATOR,
        actions={"exclude": EDITORS_AND_INTEGRATOR, "readmit": EDITORS_AND_INTEGRATOR},
        actions_of_list={"bulk": EDITORS_AND_INTEGRATOR},
        pages=part_pages("metrics:measurement", Series, EDITORS_AND_INTEGRATOR, also=("exclude", "readmit")),
        body={"series": "C-1-uptime", "observed_on": "2022-01-31", "value": "99.125"},
        change={"value": "98", "comment": "Corrected"},
        marks={"comment": ("measured-for-health", "measured-for-parks")},
    ),
    Resource(
        Import,
        make_import,
        pages={
            "metrics:import_create": to("Looxxxox"),
            "metrics:import_detail": WHO_ASKED.showing(4),
            "metrics:import_run": both("Lmmxxxmx").sending(Line("Looxxxxx", "Loxxxxxx")),
            # Nothing was taken yet: who may undo it is led back.
            "metrics:import_undo": Line("L>>xxxxx", "L>xxxxxx", shown=2).sending(Line("Looxxxxx", "Loxxxxxx")),
            "metrics:import_refused": WHO_ASKED.as_file(),
        },
    ),
)
ROUTES: dict[str, Line] = {}
