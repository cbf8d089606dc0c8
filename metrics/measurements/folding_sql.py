"""The scoring method's §2 in SQL: measurements of the months that are due, folded into monthly values."""

# Marks go first. What commits after this statement leaves its own mark; what came before is read by the next.
# Consecutive months of a series become one run, so that its measurements are read in one go; a run is new
# where none of its months was ever folded.
TAKE_MARKS = """
    DROP TABLE IF EXISTS pg_temp.fold_run, pg_temp.fold_result;
    CREATE TEMP TABLE fold_run ON COMMIT DROP AS
    WITH taken AS (
        DELETE FROM metrics_folddue RETURNING series_id, month
    ), stepped AS (
        SELECT series_id, month, month - lag(month) OVER series > 31 AS starts
        FROM taken
        WINDOW series AS (PARTITION BY series_id ORDER BY month)
    ), numbered AS (
        SELECT series_id, month, count(*) FILTER (WHERE starts) OVER (
            PARTITION BY series_id ORDER BY month ROWS UNBOUNDED PRECEDING) AS run
        FROM stepped
    ), run AS (
        SELECT series_id, min(month) AS first_month, max(month) AS last_month,
            (max(month) + interval '1 month')::date AS until
        FROM numbered
        GROUP BY series_id, run
    )
    SELECT run.*, NOT EXISTS (
        SELECT 1 FROM metrics_monthlyvalue AS monthly
        WHERE monthly.series_id = run.series_id AND monthly.month BETWEEN run.first_month AND run.last_month
    ) AS is_new
    FROM run
    ORDER BY series_id, first_month;
    ANALYZE fold_run;
"""

# What the months of a run come to.
FOLDED_MONTHS = """
    fold_run AS run
    CROSS JOIN LATERAL (
        SELECT date_trunc('month', observed_on::timestamp)::date AS month,
            count(*) AS n, sum(value) AS total, min(value) AS minimum, max(value) AS maximum,
            (array_agg(value ORDER BY observed_on DESC, reference COLLATE "C" DESC))[1] AS last,
            sum(numerator) AS numerator, sum(denominator) AS denominator
        FROM metrics_measurement AS measurement
        WHERE measurement.series_id = run.series_id AND measurement.excluded_at IS NULL
            AND measurement.observed_on >= run.first_month AND measurement.observed_on < run.until
        GROUP BY 1
    ) AS fold
"""

# One writer at a time (the caller's lock) makes a plain insert safe, and half as dear as an upsert.
WRITE_NEW = f"""
    INSERT INTO metrics_monthlyvalue
        (series_id, month, n, total, minimum, maximum, last, numerator, denominator)
    SELECT run.series_id, fold.*
    FROM {FOLDED_MONTHS}
    WHERE run.is_new
"""

# What was folded before is compared first: what did not change is not written.
COMPARE = f"""
    CREATE TEMP TABLE fold_result ON COMMIT DROP AS
    SELECT fold.*,
        CASE
            WHEN monthly.n IS NULL THEN 'insert'
            WHEN (monthly.n, monthly.total, monthly.minimum, monthly.maximum,
                    monthly.last, monthly.numerator, monthly.denominator)
                IS DISTINCT FROM (fold.n, fold.total, fold.minimum, fold.maximum,
                    fold.last, fold.numerator, fold.denominator) THEN 'update'
            ELSE 'keep'
        END AS action
    FROM (SELECT run.series_id, fold.* FROM {FOLDED_MONTHS} WHERE NOT run.is_new) AS fold
    LEFT JOIN metrics_monthlyvalue AS monthly
        ON monthly.series_id = fold.series_id AND monthly.month = fold.month;

    INSERT INTO fold_result (series_id, month, action)
    SELECT monthly.series_id, monthly.month, 'delete'
    FROM fold_run AS run
    JOIN metrics_monthlyvalue AS monthly ON monthly.series_id = run.series_id
        AND monthly.month BETWEEN run.first_month AND run.last_month
    WHERE NOT run.is_new AND NOT EXISTS (
        SELECT 1 FROM fold_result AS fold
        WHERE fold.series_id = monthly.series_id AND fold.month = monthly.month);
    ANALYZE fold_result (action);
"""

WRITE = """
    DELETE FROM metrics_monthlyvalue AS monthly USING fold_result AS fold
    WHERE fold.action = 'delete' AND monthly.series_id = fold.series_id AND monthly.month = fold.month;

    UPDATE metrics_monthlyvalue AS monthly
    SET n = fold.n, total = fold.total, minimum = fold.minimum, maximum = fold.maximum,
        last = fold.last, numerator = fold.numerator, denominator = fold.denominator
    FROM fold_result AS fold
    WHERE fold.action = 'update' AND monthly.series_id = fold.series_id AND monthly.month = fold.month;

    INSERT INTO metrics_monthlyvalue
        (series_id, month, n, total, minimum, maximum, last, numerator, denominator)
    SELECT series_id, month, n, total, minimum, maximum, last, numerator, denominator
    FROM fold_result
    WHERE action = 'insert';

    INSERT INTO metrics_serieschange (series_id, first_month, last_month)
    SELECT series_id, min(first_month), max(last_month)
    FROM (
        SELECT series_id, first_month, last_month FROM fold_run WHERE is_new
        UNION ALL
        SELECT series_id, month, month FROM fold_result WHERE action <> 'keep'
    ) AS changed
    GROUP BY series_id;
"""

COUNT = "SELECT count(*) FROM fold_result WHERE action <> 'keep'"
