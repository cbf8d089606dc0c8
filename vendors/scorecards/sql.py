"""The scoring method's §6 and §7 in SQL: the scorecards of many vendors for one period at once.

Each piece builds a temporary table from the one before. Base tables are read by the first pieces only, and
what they read goes into the digest, so a digest always tells what its figures follow from.
"""

# §6: service levels in force in the period, and the months of it that count.
LEVELS = """
    DROP TABLE IF EXISTS pg_temp.scoring_level, pg_temp.scoring_weight, pg_temp.scoring_line,
        pg_temp.scoring_dimension, pg_temp.scoring_card, pg_temp.scoring_plan;
    CREATE TEMP TABLE scoring_level ON COMMIT DROP AS
    SELECT level.id, contract.vendor_id, level.series_id, series.code,
        level.dimension, level.weight, contract.criticality,
        level.weight * contract.criticality AS line_weight,
        greatest(level.first_month, %(first_month)s::date) AS first_month,
        least(coalesce(level.last_month, %(last_month)s::date), %(last_month)s::date) AS last_month,
        indicator.direction, indicator.aggregation, indicator.cadence, indicator.unit
    FROM vendors_contract AS contract
    JOIN vendors_servicelevel AS level ON level.contract_id = contract.id
    JOIN metrics_series AS series ON series.id = level.series_id
    JOIN metrics_indicator AS indicator ON indicator.id = series.indicator_id
    WHERE contract.vendor_id = ANY(%(vendors)s::bigint[])
        AND level.first_month <= %(last_month)s::date
        AND (level.last_month IS NULL OR level.last_month >= %(first_month)s::date);
"""

# The weights of the methodology's dimensions, one row each.
WEIGHTS = """
    CREATE TEMP TABLE scoring_weight ON COMMIT DROP AS
    SELECT weighed.dimension, weighed.weight
    FROM metrics_methodology AS methodology
    CROSS JOIN LATERAL (VALUES
        ('outcomes', methodology.outcomes_weight),
        ('service_quality', methodology.service_quality_weight),
        ('relationship', methodology.relationship_weight),
        ('risk_compliance', methodology.risk_compliance_weight),
        ('cost', methodology.cost_weight),
        ('schedule', methodology.schedule_weight),
        ('innovation', methodology.innovation_weight)
    ) AS weighed (dimension, weight)
    WHERE methodology.id = %(methodology)s;
"""

RUNS = """
    INSERT INTO series_run
    SELECT level.id, level.series_id, level.first_month, level.last_month, methodology.score_at_target,
        level.direction, level.aggregation, level.cadence, level.unit
    FROM scoring_level AS level
    JOIN metrics_methodology AS methodology ON methodology.id = %(methodology)s;
"""

# §5 decides which service levels are lines.
LINES = """
    CREATE TEMP TABLE scoring_line ON COMMIT DROP AS
    SELECT level.*, reading.attainment, reading.coverage
    FROM scoring_level AS level
    JOIN series_reading AS reading ON reading.id = level.id
    WHERE reading.takes_part;
    ANALYZE scoring_line (id, vendor_id, dimension);
"""

# §6: S_d and C_d of all seven dimensions of every vendor that has a line.
DIMENSIONS = """
    CREATE TEMP TABLE scoring_dimension ON COMMIT DROP AS
    SELECT vendor.vendor_id, weighed.dimension, weighed.weight,
        summed.score, coalesce(summed.coverage, 0) AS coverage, summed.scored_weight
    FROM (SELECT DISTINCT vendor_id FROM scoring_line) AS vendor
    CROSS JOIN scoring_weight AS weighed
    LEFT JOIN (
        SELECT vendor_id, dimension,
            sum(line_weight * attainment)
                / sum(line_weight) FILTER (WHERE attainment IS NOT NULL) AS score,
            sum(line_weight * coverage) / sum(line_weight) AS coverage,
            sum(line_weight) FILTER (WHERE attainment IS NOT NULL) AS scored_weight
        FROM scoring_line
        GROUP BY vendor_id, dimension
    ) AS summed USING (vendor_id, dimension);
"""

# §6: overall score and coverage; a dimension of weight 0 takes no part. Grades are decided on the figures as
# they are stored. §7: the digest.
CARDS = """
    CREATE TEMP TABLE scoring_card ON COMMIT DROP AS
    SELECT card.*,
        CASE WHEN card.coverage >= methodology.minimum_coverage THEN (
            SELECT band.id FROM metrics_gradeband AS band
            WHERE band.methodology_id = methodology.id AND band.lower_bound <= card.score
            ORDER BY band.lower_bound DESC LIMIT 1
        ) END AS grade_id
    FROM (
        SELECT exact.vendor_id, exact.scored_weight, read.digest,
            round_half_even(exact.score) AS score, round_half_even(exact.coverage) AS coverage
        FROM (
            SELECT vendor_id,
                sum(weight) FILTER (WHERE weight > 0 AND score IS NOT NULL) AS scored_weight,
                sum(weight * score) FILTER (WHERE weight > 0)
                    / sum(weight) FILTER (WHERE weight > 0 AND score IS NOT NULL) AS score,
                sum(weight * coverage) / 100 AS coverage
            FROM scoring_dimension
            GROUP BY vendor_id
        ) AS exact
        JOIN (
            SELECT vendor_id, encode(sha256(convert_to(
                %(heading)s || E'\\n' || string_agg(
                    concat_ws('|', code, dimension, trim_scale(weight), criticality,
                        to_char(first_month, 'YYYY-MM'), to_char(last_month, 'YYYY-MM'),
                        cadence, direction, aggregation, to_json(unit), basis),
                    E'\\n' ORDER BY code COLLATE "C"),
                'UTF8')), 'hex') AS digest
            FROM scoring_line JOIN series_reading AS reading USING (id)
            GROUP BY vendor_id
        ) AS read USING (vendor_id)
    ) AS card
    JOIN metrics_methodology AS methodology ON methodology.id = %(methodology)s;
"""

# §7: what becomes of each vendor's scorecard.
PLAN = """
    CREATE TEMP TABLE scoring_plan ON COMMIT DROP AS
    SELECT decided.*,
        CASE action
            WHEN 'create' THEN nextval(pg_get_serial_sequence('vendors_scorecard', 'id'))
            ELSE open_id
        END AS scorecard_id
    FROM (
        SELECT vendor.id AS vendor_id, card.score, card.coverage, card.digest, card.scored_weight, card.grade_id,
            open.id AS open_id,
            coalesce(earlier.revision, 0) + 1 AS revision,
            CASE
                WHEN card.digest = open.digest THEN 'keep'
                WHEN card.digest IS NULL OR card.digest = current.digest THEN
                    CASE WHEN open.status = 'draft' THEN 'remove' ELSE 'keep' END
                WHEN open.id IS NOT NULL THEN 'overwrite'
                ELSE 'create'
            END AS action
        FROM unnest(%(vendors)s::bigint[]) AS vendor (id)
        LEFT JOIN scoring_card AS card ON card.vendor_id = vendor.id
        LEFT JOIN vendors_scorecard AS open
            ON open.vendor_id = vendor.id AND open.period_start = %(first_month)s AND open.months = %(months)s
            AND open.methodology_id = %(methodology)s AND open.status <> 'published'
        LEFT JOIN vendors_scorecard AS current
            ON current.vendor_id = vendor.id AND current.period_start = %(first_month)s
            AND current.months = %(months)s AND current.methodology_id = %(methodology)s
            AND current.status = 'published' AND current.superseded_at IS NULL
        LEFT JOIN LATERAL (
            SELECT max(revision) AS revision FROM vendors_scorecard AS any_revision
            WHERE any_revision.vendor_id = vendor.id AND any_revision.period_start = %(first_month)s
                AND any_revision.months = %(months)s AND any_revision.methodology_id = %(methodology)s
        ) AS earlier ON true
    ) AS decided;
    ANALYZE scoring_plan;
"""

CLEAR = """
    DELETE FROM vendors_scorecardline AS line USING scoring_plan AS plan
    WHERE line.scorecard_id = plan.open_id AND plan.action IN ('remove', 'overwrite');
    DELETE FROM vendors_scorecarddimension AS dimension USING scoring_plan AS plan
    WHERE dimension.scorecard_id = plan.open_id AND plan.action IN ('remove', 'overwrite');
    DELETE FROM vendors_scorecard AS scorecard USING scoring_plan AS plan
    WHERE scorecard.id = plan.open_id AND plan.action = 'remove';
"""

OVERWRITE = """
    UPDATE vendors_scorecard AS scorecard
    SET score = plan.score, coverage = plan.coverage, grade_id = plan.grade_id, digest = plan.digest,
        computed_at = now()
    FROM scoring_plan AS plan
    WHERE scorecard.id = plan.open_id AND plan.action = 'overwrite';
"""

CREATE = """
    INSERT INTO vendors_scorecard (id, version, vendor_id, period_start, months, methodology_id, revision,
        status, score, coverage, grade_id, digest, computed_at)
    SELECT scorecard_id, 1, vendor_id, %(first_month)s, %(months)s, %(methodology)s, revision,
        'draft', score, coverage, grade_id, digest, now()
    FROM scoring_plan
    WHERE action = 'create';
"""

WRITE_DIMENSIONS = """
    INSERT INTO vendors_scorecarddimension (scorecard_id, dimension, weight, score, coverage)
    SELECT plan.scorecard_id, dimension.dimension, dimension.weight,
        round_half_even(dimension.score), round_half_even(dimension.coverage)
    FROM scoring_plan AS plan
    JOIN scoring_dimension AS dimension USING (vendor_id)
    WHERE plan.action IN ('create', 'overwrite');
"""

# §6: the contribution of a line, of its share in its dimension and of that in the overall score.
WRITE_LINES = """
    INSERT INTO vendors_scorecardline (scorecard_id, service_level_id, dimension, weight, criticality,
        value, attainment, coverage, contribution, months_with_data, months_expected, latest_month, segments)
    SELECT line.scorecard_id, line.id, line.dimension, line.weight, line.criticality,
        round_half_even(reading.value), round_half_even(reading.attainment), round_half_even(reading.coverage),
        round_half_even(line.contribution), reading.months_with_data, reading.months_expected,
        reading.latest_month, reading.segments
    FROM (
        SELECT plan.scorecard_id, line.*,
            CASE WHEN dimension.weight > 0 THEN
                dimension.weight * line.line_weight * line.attainment
                    / (plan.scored_weight * dimension.scored_weight)
            END AS contribution
        FROM scoring_plan AS plan
        JOIN scoring_line AS line USING (vendor_id)
        JOIN scoring_dimension AS dimension USING (vendor_id, dimension)
        WHERE plan.action IN ('create', 'overwrite')
        OFFSET 0
    ) AS line
    JOIN series_reading AS reading USING (id);
"""

# What a preview reads of the same tables.
READ_CARDS = "SELECT vendor_id, score, coverage, grade_id FROM scoring_card"
READ_DIMENSIONS = """
    SELECT vendor_id, dimension, weight, round_half_even(score), round_half_even(coverage) FROM scoring_dimension
"""

COUNT = "SELECT action, count(*) FROM scoring_plan GROUP BY action"

# Existing runs of months that a vendor's marks touch, with the vendors to compute again.
TAKE_MARKS = """
    WITH taken AS (
        DELETE FROM vendors_scoringdue WHERE vendor_id = ANY(%(vendors)s::bigint[])
        RETURNING vendor_id, first_month, last_month
    ), period AS (
        SELECT DISTINCT period_start, months, methodology_id FROM vendors_scorecard
    )
    SELECT period.period_start, period.months, period.methodology_id, array_agg(DISTINCT taken.vendor_id)
    FROM period
    JOIN taken ON taken.first_month < period.period_start + period.months * interval '1 month'
        AND (taken.last_month IS NULL OR taken.last_month >= period.period_start)
    GROUP BY period.period_start, period.months, period.methodology_id
    ORDER BY period.period_start, period.months, period.methodology_id;
"""

PULL_SERIES_CHANGES = """
    WITH taken AS (DELETE FROM metrics_serieschange RETURNING series_id, first_month, last_month)
    INSERT INTO vendors_scoringdue (vendor_id, first_month, last_month)
    SELECT DISTINCT contract.vendor_id, taken.first_month, taken.last_month
    FROM taken
    JOIN vendors_servicelevel AS level ON level.series_id = taken.series_id
    JOIN vendors_contract AS contract ON contract.id = level.contract_id;
"""
