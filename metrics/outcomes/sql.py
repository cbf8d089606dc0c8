"""The scoring method's §8 in SQL: where outcomes stood over the twelve months that end with each month."""

# Outcomes marked due, over every window of twelve months that a changed month lies in, and windows never read.
# Windows end from the first month with data, at most twenty years ago, to the last closed month.
TAKE_MARKS = """
    DROP TABLE IF EXISTS pg_temp.outcome_window, pg_temp.outcome_measure;
    CREATE TEMP TABLE outcome_window ON COMMIT DROP AS
    WITH due AS (
        DELETE FROM metrics_outcomedue RETURNING outcome_id, first_month, last_month
    ), horizon AS (
        SELECT greatest(
            least(min(monthly.month), %(last_closed)s::date), %(last_closed)s::date - interval '20 years'
        ) AS first_month
        FROM metrics_monthlyvalue AS monthly
        WHERE monthly.series_id IN (SELECT series_id FROM metrics_outcomeseries)
    )
    SELECT outcome.id AS outcome_id, month::date AS month, (month - interval '11 months')::date AS first_month
    FROM metrics_outcome AS outcome
    CROSS JOIN horizon
    CROSS JOIN generate_series(horizon.first_month, %(last_closed)s::date, interval '1 month') AS month
    WHERE EXISTS (
        SELECT 1 FROM due
        WHERE due.outcome_id = outcome.id AND month >= due.first_month
            AND (due.last_month IS NULL OR month <= due.last_month + interval '11 months')
    ) OR NOT EXISTS (
        SELECT 1 FROM metrics_outcomereading AS reading
        WHERE reading.outcome_id = outcome.id AND reading.month = month::date
    );
"""

MEASURES = """
    CREATE TEMP TABLE outcome_measure ON COMMIT DROP AS
    SELECT row_number() OVER () AS run_id, w.outcome_id, w.month, w.first_month,
        measure.series_id, measure.weight
    FROM outcome_window AS w
    JOIN metrics_outcomeseries AS measure ON measure.outcome_id = w.outcome_id;
"""

RUNS = """
    INSERT INTO series_run
    SELECT measure.run_id, measure.series_id, measure.first_month, measure.month, %(score_at_target)s,
        indicator.direction, indicator.aggregation, indicator.cadence, indicator.unit
    FROM outcome_measure AS measure
    JOIN metrics_series AS series ON series.id = measure.series_id
    JOIN metrics_indicator AS indicator ON indicator.id = series.indicator_id;
"""

# Twelve months are never fewer than a cadence, so every series of an outcome takes part.
WRITE = """
    INSERT INTO metrics_outcomereading AS stored (outcome_id, month, attainment, coverage, status)
    SELECT outcome_id, month, attainment, coverage,
        CASE
            WHEN attainment IS NULL OR coverage < 0.60 THEN 'no_data'
            WHEN attainment >= %(score_at_target)s THEN 'on_track'
            WHEN attainment >= 50 THEN 'at_risk'
            ELSE 'off_track'
        END
    FROM (
        SELECT outcome_id, month,
            round_half_even(attainment) AS attainment, round_half_even(coverage) AS coverage
        FROM (
            SELECT w.outcome_id, w.month,
                sum(measure.weight * reading.attainment)
                    / sum(measure.weight) FILTER (WHERE reading.attainment IS NOT NULL) AS attainment,
                coalesce(
                    sum(measure.weight * reading.coverage) / sum(measure.weight), 0
                ) AS coverage
            FROM outcome_window AS w
            LEFT JOIN outcome_measure AS measure USING (outcome_id, month)
            LEFT JOIN series_reading AS reading ON reading.id = measure.run_id
            GROUP BY w.outcome_id, w.month
        ) AS exact
    ) AS rounded
    ON CONFLICT (outcome_id, month) DO UPDATE
    SET attainment = excluded.attainment, coverage = excluded.coverage, status = excluded.status
    WHERE (stored.attainment, stored.coverage, stored.status)
        IS DISTINCT FROM (excluded.attainment, excluded.coverage, excluded.status);
"""
