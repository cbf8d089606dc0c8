"""The scoring method's §3 to §5 in SQL: many series, each over a run of months of its own, at once.

Whoever wants series read creates `series_run`, fills it, and finds one row per run in `series_reading`.
The tables are temporary and built from each other, so the base tables are read once: what `basis` says was
read is what the figures follow from. Figures are exact to 18 decimals at least, and rounded only when stored.
"""

from django.db.backends.utils import CursorWrapper

# One row per series to read: over which months, and how it is judged.
CREATE_RUNS = """
    DROP TABLE IF EXISTS pg_temp.series_run, pg_temp.series_segment, pg_temp.series_part,
        pg_temp.series_scored, pg_temp.series_reading;
    CREATE TEMP TABLE series_run (
        id bigint PRIMARY KEY,
        series_id bigint NOT NULL,
        first_month date NOT NULL,
        last_month date NOT NULL,
        score_at_target numeric NOT NULL,
        direction text NOT NULL,
        aggregation text NOT NULL,
        cadence text NOT NULL,
        unit text NOT NULL
    ) ON COMMIT DROP;
"""

# §4: the months under each target in force; `until` is the first month of the next target.
SEGMENTS = """
    ANALYZE series_run;
    CREATE TEMP TABLE series_segment ON COMMIT DROP AS
    SELECT run_id, effective_from, until, floor, target, stretch
    FROM (
        SELECT run.id AS run_id, run.first_month, t.effective_from, t.floor, t.target, t.stretch,
            lead(t.effective_from) OVER (PARTITION BY run.id ORDER BY t.effective_from) AS until
        FROM series_run AS run
        JOIN metrics_target AS t ON t.series_id = run.series_id AND t.effective_from <= run.last_month
    ) AS target
    WHERE until IS NULL OR until > first_month;
    ANALYZE series_segment;
"""

# §3: one row per run and segment with data; months before the first target have no `effective_from`.
# The value is numerator / denominator, left undivided so that comparisons with targets are exact.
PARTS = """
    CREATE TEMP TABLE series_part ON COMMIT DROP AS
    SELECT run.id AS run_id, segment.effective_from,
        count(*) AS months,
        max(monthly.month) AS latest_month,
        CASE run.aggregation
            WHEN 'min' THEN min(monthly.minimum)
            WHEN 'max' THEN max(monthly.maximum)
            WHEN 'last' THEN (array_agg(monthly.last ORDER BY monthly.month DESC))[1]
            WHEN 'ratio' THEN sum(monthly.numerator) * CASE run.unit WHEN '%' THEN 100 ELSE 1 END
            ELSE sum(monthly.total)
        END AS numerator,
        CASE run.aggregation
            WHEN 'mean' THEN sum(monthly.n)
            WHEN 'ratio' THEN sum(monthly.denominator)
            ELSE 1
        END AS denominator,
        string_agg(
            to_char(monthly.month, 'YYYY-MM ') || CASE run.aggregation
                WHEN 'min' THEN coalesce(trim_scale(monthly.minimum)::text, '-')
                WHEN 'max' THEN coalesce(trim_scale(monthly.maximum)::text, '-')
                WHEN 'last' THEN coalesce(trim_scale(monthly.last)::text, '-')
                WHEN 'sum' THEN coalesce(trim_scale(monthly.total)::text, '-')
                WHEN 'mean' THEN coalesce(trim_scale(monthly.total)::text, '-') || '/' || monthly.n
                ELSE coalesce(trim_scale(monthly.numerator) || '/' || trim_scale(monthly.denominator), '-')
            END,
            ',' ORDER BY monthly.month DESC
        ) AS basis
    FROM series_run AS run
    JOIN metrics_monthlyvalue AS monthly
        ON monthly.series_id = run.series_id AND monthly.month BETWEEN run.first_month AND run.last_month
    LEFT JOIN series_segment AS segment
        ON segment.run_id = run.id AND monthly.month >= segment.effective_from
        AND (segment.until IS NULL OR monthly.month < segment.until)
    GROUP BY run.id, segment.effective_from;
"""

# §4: each segment against its own target. The mirror image of `lower` only turns comparisons round: in the
# quotients both signs cancel.
SCORED = """
    CREATE TEMP TABLE series_scored ON COMMIT DROP AS
    SELECT run_id, effective_from, floor, target, stretch, months,
        CASE WHEN denominator > 0 THEN round(numerator, 24) / denominator END AS value,
        CASE
            WHEN above_target IS NULL THEN NULL
            WHEN sign * above_target >= 0 THEN CASE
                WHEN stretch IS NULL THEN score_at_target
                WHEN sign * (numerator - stretch * denominator) >= 0 THEN 100
                ELSE score_at_target
                    + (100 - score_at_target) * above_target / (denominator * (stretch - target))
            END
            WHEN floor IS NULL THEN 0
            WHEN sign * above_floor <= 0 THEN 0
            ELSE score_at_target * above_floor / (denominator * (target - floor))
        END AS attainment
    FROM (
        SELECT segment.*, coalesce(part.months, 0) AS months, part.numerator, part.denominator,
            run.score_at_target,
            CASE run.direction WHEN 'lower' THEN -1 ELSE 1 END AS sign,
            CASE WHEN part.denominator > 0 THEN part.numerator - segment.target * part.denominator END
                AS above_target,
            part.numerator - segment.floor * part.denominator AS above_floor
        FROM series_segment AS segment
        JOIN series_run AS run ON run.id = segment.run_id
        LEFT JOIN series_part AS part USING (run_id, effective_from)
    ) AS segment;
"""

# §3 to §5: one row per run. `basis` is the canonical text of the targets and monthly values read (§7).
READINGS = """
    CREATE TEMP TABLE series_reading ON COMMIT DROP AS
    WITH valued AS (
        SELECT run_id,
            sum(months) AS months_with_data,
            coalesce(sum(months) FILTER (WHERE effective_from IS NOT NULL), 0) AS months_scored,
            max(latest_month) AS latest_month,
            CASE max(run.aggregation)
                WHEN 'min' THEN min(numerator)
                WHEN 'max' THEN max(numerator)
                WHEN 'last' THEN (array_agg(numerator ORDER BY latest_month DESC))[1]
                ELSE sum(numerator)
            END AS numerator,
            CASE WHEN max(run.aggregation) IN ('mean', 'ratio') THEN sum(denominator) ELSE 1 END
                AS denominator,
            string_agg(basis, ',' ORDER BY effective_from DESC NULLS LAST) AS basis
        FROM series_part JOIN series_run AS run ON run.id = run_id
        GROUP BY run_id
    ), scored AS (
        SELECT run_id,
            sum(months * attainment) / sum(months) FILTER (WHERE attainment IS NOT NULL) AS attainment,
            jsonb_agg(jsonb_build_object(
                'from', to_char(effective_from, 'YYYY-MM'),
                'floor', trim_scale(floor)::text,
                'target', trim_scale(target)::text,
                'stretch', trim_scale(stretch)::text,
                'months', months,
                'value', trim_scale(round_half_even(value))::text,
                'attainment', trim_scale(round_half_even(attainment))::text
            ) ORDER BY effective_from) AS segments,
            string_agg(concat_ws(' ', to_char(effective_from, 'YYYY-MM'),
                coalesce(trim_scale(floor)::text, '-'),
                trim_scale(target)::text,
                coalesce(trim_scale(stretch)::text, '-')), ',' ORDER BY effective_from) AS basis
        FROM series_scored
        GROUP BY run_id
    ), expected AS (
        SELECT id, in_force, cadence_months,
            (in_force + cadence_months - 1) / cadence_months AS months_expected
        FROM (
            SELECT id,
                ((date_part('year', last_month) - date_part('year', first_month)) * 12
                    + date_part('month', last_month) - date_part('month', first_month) + 1)::int AS in_force,
                CASE cadence WHEN 'quarterly' THEN 3 WHEN 'semiannual' THEN 6 WHEN 'yearly' THEN 12 ELSE 1 END
                    AS cadence_months
            FROM series_run
        ) AS run
    )
    SELECT expected.id,
        CASE WHEN valued.denominator > 0 THEN round(valued.numerator, 24) / valued.denominator END AS value,
        scored.attainment,
        least(1, coalesce(valued.months_scored, 0)::numeric / months_expected) AS coverage,
        cadence_months <= in_force OR valued.run_id IS NOT NULL AS takes_part,
        coalesce(valued.months_with_data, 0) AS months_with_data,
        months_expected,
        valued.latest_month,
        coalesce(scored.segments, '[]') AS segments,
        coalesce(scored.basis, '') || ';' || coalesce(valued.basis, '') AS basis
    FROM expected
    LEFT JOIN valued ON valued.run_id = expected.id
    LEFT JOIN scored ON scored.run_id = expected.id;
"""


def create_runs(cursor: CursorWrapper) -> None:
    """Create the empty table of series to read; inside a transaction, at whose end it goes."""
    cursor.execute(CREATE_RUNS)


def read_runs(cursor: CursorWrapper) -> None:
    """Read the series of `series_run` into `series_reading`."""
    for piece in (SEGMENTS, PARTS, SCORED, READINGS):
        cursor.execute(piece)
