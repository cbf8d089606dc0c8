"""Scoring everything beside the bare aggregation and writing, and scoring again what changed."""

import itertools

from metrics.measurements.folding import SET_BASED, fold_due
from metrics.models import Methodology
from tests.bench.data import FIRST_DAY, MONTHS
from tests.bench.folding import forget_folds
from tests.bench.measuring import Effort, Figure, in_turns, run, settle
from vendors.models import ScoringDue, Vendor
from vendors.scorecards.computing import compute_scorecards, pull_series_changes, recompute_due

BARE_AGGREGATION = f"""
    {SET_BASED}
    DROP TABLE IF EXISTS pg_temp.bare_line;
    CREATE TEMP TABLE bare_line AS
    SELECT level.id, contract.vendor_id, sum(n) AS n, sum(total) AS total, min(minimum) AS minimum,
        max(maximum) AS maximum, (array_agg(last ORDER BY month DESC))[1] AS last, sum(numerator) AS numerator,
        sum(denominator) AS denominator, count(*) AS months
    FROM vendors_servicelevel AS level
    JOIN vendors_contract AS contract ON contract.id = level.contract_id
    JOIN metrics_monthlyvalue AS monthly
        ON monthly.series_id = level.series_id AND monthly.month BETWEEN '2020-07-01' AND '2021-06-01'
    GROUP BY level.id, contract.vendor_id
"""
KEEP_RESULTS = """
    CREATE TEMP TABLE kept_card AS TABLE vendors_scorecard;
    CREATE TEMP TABLE kept_dimension AS TABLE vendors_scorecarddimension;
    CREATE TEMP TABLE kept_line AS TABLE vendors_scorecardline
"""
# Into the same tables: with the same constraints, indexes and triggers.
BARE_WRITING = """
    INSERT INTO vendors_scorecard TABLE kept_card;
    INSERT INTO vendors_scorecarddimension TABLE kept_dimension;
    INSERT INTO vendors_scorecardline TABLE kept_line
"""
FORGET_SCORECARDS = """
    DELETE FROM vendors_scorecardline; DELETE FROM vendors_scorecarddimension; DELETE FROM vendors_scorecard
"""
# The vendors at one place in every hundred.
CHANGE_ONE_PERCENT = """
    UPDATE metrics_measurement SET value = value + 1, numerator = numerator + 1 WHERE series_id IN (
        SELECT level.series_id
        FROM vendors_servicelevel AS level
        JOIN vendors_contract AS contract ON contract.id = level.contract_id
        JOIN (
            SELECT organization_id, row_number() OVER (ORDER BY organization_id) - 1 AS place FROM vendors_vendor
        ) AS vendor ON vendor.organization_id = contract.vendor_id
        WHERE vendor.place %% 100 = %s)
"""
PLACES = itertools.count()


def forget_scorecards() -> None:
    """As if nothing had ever been scored."""
    run(FORGET_SCORECARDS)
    settle()


def compute() -> None:
    """Score all vendors for the year that was measured."""
    compute_scorecards(
        period_start=FIRST_DAY,
        months=MONTHS,
        methodology=Methodology.objects.get(is_default=True),
        vendors=Vendor.objects.all(),
    )


def figures(_effort: Effort) -> list[Figure]:
    """Leaves every vendor scored for the year."""
    pull_series_changes()
    compute()
    run(KEEP_RESULTS)
    aggregation, writing, everything = in_turns(
        (lambda: run(BARE_AGGREGATION), settle),
        (lambda: run(BARE_WRITING), forget_scorecards),
        (compute, forget_scorecards),
    )
    run("DROP TABLE kept_card, kept_dimension, kept_line, bare_line")
    from_nothing, one_percent, at_once = in_turns(
        (_from_nothing, _forget_everything), (_again, _change_and_settle), (_again, _change_one_percent)
    )
    return [
        Figure("score everything", everything, "bare aggregation and writing", aggregation + writing, most=3),
        Figure("recompute 1% of the vendors", one_percent, "recompute from nothing", from_nothing, most=0.05),
        Figure("recompute 1%, nothing vacuumed", at_once, "recompute from nothing", from_nothing),
    ]


def _forget_everything() -> None:
    run(FORGET_SCORECARDS)
    forget_folds()


def _from_nothing() -> None:
    """Fold all measurements, learn whom that concerns, score them."""
    fold_due()
    pull_series_changes()
    compute()


def _change_one_percent() -> None:
    """Other figures for all measurements of 1% of the vendors, others each time; the triggers mark what is due."""
    ScoringDue.objects.all().delete()
    run(CHANGE_ONE_PERCENT, next(PLACES) % min(Vendor.objects.count(), 100))


def _change_and_settle() -> None:
    """The same; what the change itself leaves to tidy up (old versions on as many pages) is not recomputing."""
    _change_one_percent()
    settle()


def _again() -> None:
    """The same steps as from nothing, for what is due."""
    fold_due()
    pull_series_changes()
    while recompute_due():
        continue
