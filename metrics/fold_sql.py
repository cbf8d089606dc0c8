"""The scoring method's §2 in SQL: measurements of the months that are due, folded into monthly values."""

# Marks go first. What commits after this statement leaves its own mark; what came before is read by the next.
TAKE_MARKS = """
    DROP TABLE IF EXISTS pg_temp.fold_taken;
    CREATE TEMP TABLE fold_taken ON COMMIT DROP AS
    WITH taken AS (DELETE FROM metrics_folddue RETURNING series_id, month)
    SELECT series_id, month, (month + interval '1 month')::date AS until
    FROM taken
    GROUP BY series_id, month
    ORDER BY series_id, month;
    ANALYZE fold_taken;
"""

# One writer at a time (the caller's lock), so a plain insert of what is missing is safe, and half as dear
# as an upsert. What did not change is not written, and higher rooms hear only of what did.
FOLD = """
    WITH folded AS MATERIALIZED (
        SELECT taken.series_id, taken.month, fold.*
        FROM fold_taken AS taken
        CROSS JOIN LATERAL (
            SELECT count(*) AS n, sum(value) AS total, min(value) AS minimum, max(value) AS maximum,
                (array_agg(value ORDER BY observed_on DESC, reference COLLATE "C" DESC))[1] AS last,
                sum(numerator) AS numerator, sum(denominator) AS denominator
            FROM metrics_measurement AS measurement
            WHERE measurement.series_id = taken.series_id AND measurement.excluded_at IS NULL
                AND measurement.observed_on >= taken.month AND measurement.observed_on < taken.until
        ) AS fold
    ), emptied AS (
        DELETE FROM metrics_monthlyvalue AS monthly USING folded
        WHERE monthly.series_id = folded.series_id AND monthly.month = folded.month AND folded.n = 0
        RETURNING monthly.series_id, monthly.month
    ), updated AS (
        UPDATE metrics_monthlyvalue AS monthly
        SET n = folded.n, total = folded.total, minimum = folded.minimum, maximum = folded.maximum,
            last = folded.last, numerator = folded.numerator, denominator = folded.denominator
        FROM folded
        WHERE monthly.series_id = folded.series_id AND monthly.month = folded.month AND folded.n > 0
            AND (monthly.n, monthly.total, monthly.minimum, monthly.maximum,
                monthly.last, monthly.numerator, monthly.denominator)
            IS DISTINCT FROM (folded.n, folded.total, folded.minimum, folded.maximum,
                folded.last, folded.numerator, folded.denominator)
        RETURNING monthly.series_id, monthly.month
    ), inserted AS (
        INSERT INTO metrics_monthlyvalue
            (series_id, month, n, total, minimum, maximum, last, numerator, denominator)
        SELECT series_id, month, n, total, minimum, maximum, last, numerator, denominator
        FROM folded
        WHERE n > 0 AND NOT EXISTS (
            SELECT 1 FROM metrics_monthlyvalue AS monthly
            WHERE monthly.series_id = folded.series_id AND monthly.month = folded.month)
        RETURNING series_id, month
    )
    INSERT INTO metrics_serieschange (series_id, first_month, last_month)
    SELECT series_id, min(month), max(month)
    FROM (
        SELECT * FROM emptied UNION ALL SELECT * FROM updated UNION ALL SELECT * FROM inserted
    ) AS changed
    GROUP BY series_id;
"""
