"""Staging, judging and merging rows of measurements, each in one statement over all rows."""

CREATE = """
    DROP TABLE IF EXISTS pg_temp.import_row, pg_temp.import_series, pg_temp.import_left;
    CREATE TEMP TABLE import_row (
        line integer NOT NULL, code text COLLATE "C", observed_on date,
        value numeric(30, 9), numerator numeric(30, 9), denominator numeric(30, 9),
        reference text COLLATE "C", comment text, reason text, raw text
    ) ON COMMIT DROP;
    CREATE TEMP TABLE import_left (line integer NOT NULL, reason text) ON COMMIT DROP;
"""

COPY = """
    COPY import_row (line, code, observed_on, value, numerator, denominator, reference, comment, reason, raw)
    FROM STDIN
"""

# {visible} and {editable} select keys of series.
SERIES = """
    ANALYZE import_row;
    CREATE TEMP TABLE import_series ON COMMIT DROP AS
    SELECT series.id, series.code, indicator.aggregation = 'ratio' AS of_sums, series.id IN ({editable}) AS is_mine
    FROM metrics_series AS series
    JOIN metrics_indicator AS indicator ON indicator.id = series.indicator_id
    WHERE series.code IN (SELECT DISTINCT code FROM import_row) AND series.id IN ({visible});
"""

JUDGE = """
    ANALYZE import_series;
    INSERT INTO import_left (line, reason)
    SELECT line, reason FROM (
        SELECT line, CASE
            WHEN sent.reason IS NOT NULL THEN sent.reason
            WHEN series.id IS NULL THEN 'unknown_series'
            WHEN NOT series.is_mine THEN 'not_yours'
            WHEN series.of_sums AND sent.numerator IS NULL THEN 'needs_sums'
            WHEN NOT series.of_sums AND sent.value IS NULL THEN 'needs_value'
            WHEN sent.denominator = 0 AND sent.numerator <> 0 THEN 'zero_denominator'
        END AS reason
        FROM import_row AS sent LEFT JOIN import_series AS series USING (code)
    ) AS judged
    WHERE reason IS NOT NULL;
    ANALYZE import_left;
"""

# Rows that say the same twice are taken once ('repeated' is no refusal); rows that contradict each other never.
TWICE = """
    INSERT INTO import_left (line, reason)
    SELECT line, CASE WHEN says = 1 THEN 'repeated' ELSE 'clash' END
    FROM (
        SELECT line,
            row_number() OVER (PARTITION BY code, observed_on, reference ORDER BY line) AS place,
            (dense_rank() OVER (PARTITION BY code, observed_on, reference ORDER BY figures)
            + dense_rank() OVER (PARTITION BY code, observed_on, reference ORDER BY figures DESC) - 1) AS says
        FROM (
            SELECT sent.*, ROW(value, numerator, denominator, comment)::text AS figures
            FROM import_row AS sent
            WHERE (code, observed_on, reference) IN (
                SELECT code, observed_on, reference FROM import_row
                WHERE reason IS NULL GROUP BY code, observed_on, reference HAVING count(*) > 1
            ) AND NOT EXISTS (SELECT 1 FROM import_left AS gone WHERE gone.line = sent.line)
        ) AS again
    ) AS ranked
    WHERE says > 1 OR place > 1;
    ANALYZE import_left;
"""

TALLY = """
    SELECT (SELECT count(*) FROM import_row),
        count(*) FILTER (WHERE reason <> 'repeated'), count(*) FILTER (WHERE reason = 'repeated')
    FROM import_left
"""

GOOD = """
    FROM import_row AS sent JOIN import_series AS series USING (code)
    WHERE NOT EXISTS (SELECT 1 FROM import_left AS gone WHERE gone.line = sent.line)
"""

# What would be created and what would be replaced.
FORESEE = f"""
    SELECT count(*) FILTER (WHERE m.id IS NULL), count(*) FILTER (WHERE m.id IS NOT NULL AND
        ROW(m.value, m.numerator, m.denominator, m.comment) IS DISTINCT FROM ROW(
            good.value, good.numerator, good.denominator,
            CASE WHEN %(has_comment)s THEN good.comment ELSE m.comment END))
    FROM (SELECT series.id AS series_id, sent.* {GOOD}) AS good
    LEFT JOIN metrics_measurement AS m USING (series_id, observed_on, reference)
"""

# In the order of the index, so that writing is cheap and two imports never wait for each other in a circle.
# xmax is 0 only where a row was inserted; an update raises the version by 1. What can be undone is noted down.
MERGE = f"""
    WITH merged AS (
        INSERT INTO metrics_measurement AS m (
            series_id, observed_on, reference, value, numerator, denominator, comment,
            recorded_at, exclusion_reason, version
        )
        SELECT series.id, sent.observed_on, sent.reference, sent.value, sent.numerator, sent.denominator, sent.comment,
            now(), '', 1
        {GOOD}
        ORDER BY series.id, sent.observed_on, sent.reference
        ON CONFLICT (series_id, observed_on, reference) DO UPDATE
        SET value = EXCLUDED.value, numerator = EXCLUDED.numerator, denominator = EXCLUDED.denominator,
            comment = CASE WHEN %(has_comment)s THEN EXCLUDED.comment ELSE m.comment END,
            recorded_at = EXCLUDED.recorded_at
        WHERE ROW(m.value, m.numerator, m.denominator, m.comment) IS DISTINCT FROM ROW(
            EXCLUDED.value, EXCLUDED.numerator, EXCLUDED.denominator,
            CASE WHEN %(has_comment)s THEN EXCLUDED.comment ELSE m.comment END)
        RETURNING id, version, xmax = 0 AS is_new
    ), noted AS (
        INSERT INTO metrics_importedmeasurement (owner_id, measurement_id, version_found, version_left)
        SELECT %(owner)s::bigint, id, CASE WHEN NOT is_new THEN version - 1 END, version
        FROM merged WHERE %(owner)s::bigint IS NOT NULL
    )
    SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM merged
"""

REFUSED = """
    SELECT gone.line, gone.reason, sent.raw, sent.code, sent.observed_on, sent.value, sent.numerator, sent.denominator,
        sent.reference, sent.comment
    FROM import_left AS gone JOIN import_row AS sent USING (line)
    WHERE gone.reason <> 'repeated'
    ORDER BY gone.line
"""
