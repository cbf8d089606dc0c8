"""Folding everything, beside one bare statement that adds up the same."""

from metrics.measurements.folding import SET_BASED, fold_due
from tests.bench.measuring import Effort, Figure, in_turns, run, settle

MARK_EVERYTHING = """
    TRUNCATE metrics_folddue;
    INSERT INTO metrics_folddue (series_id, month)
    SELECT DISTINCT series_id, date_trunc('month', observed_on::timestamp)::date FROM metrics_measurement
"""
# With the fold's own memory: spilling more to disk would only flatter the fold.
BARE_FOLD = f"""
    {SET_BASED}
    DROP TABLE IF EXISTS bare_month;
    CREATE UNLOGGED TABLE bare_month (LIKE metrics_monthlyvalue);
    INSERT INTO bare_month (series_id, month, n, total, minimum, maximum, last, numerator, denominator)
    SELECT series_id, date_trunc('month', observed_on::timestamp)::date, count(*), sum(value), min(value),
        max(value), (array_agg(value ORDER BY observed_on DESC, reference DESC))[1], sum(numerator), sum(denominator)
    FROM metrics_measurement WHERE excluded_at IS NULL GROUP BY 1, 2
"""


def forget_folds() -> None:
    """As if nothing had ever been folded; all of it is due."""
    run("TRUNCATE metrics_monthlyvalue, metrics_serieschange")
    run(MARK_EVERYTHING)
    settle()


def figures(_effort: Effort) -> list[Figure]:
    """Leaves everything folded."""
    bare, fold = in_turns((lambda: run(BARE_FOLD), settle), (fold_due, forget_folds))
    run("DROP TABLE bare_month")
    return [Figure("fold everything", fold, "one bare INSERT … SELECT", bare, most=1.5)]
