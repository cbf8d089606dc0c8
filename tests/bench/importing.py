"""A file of measurements through `manage.py import_measurements`, beside psql alone."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from kernel.embedded.servers import postgres_program
from tests.bench.data import TRIGGERS
from tests.bench.measuring import Effort, Figure, run, settle, value_of, write_out
from tests.workers import database_url

# The fifty days after the year that is measured: at full size a million rows.
DAYS = 50
# As measurements come in, which the bar is for; and, for information, as the index has them: psql gains from such a
# file, the portal does not, for it reads, judges and marks each row in any order.
BY_DAY, BY_SERIES = "day, series.id", "series.id, day"
FILE_ROWS = f"""
    COPY (
        SELECT code AS series, observed_on,
            CASE WHEN NOT of_sums THEN figure END AS value,
            CASE WHEN of_sums THEN figure END AS numerator,
            CASE WHEN of_sums THEN 100 END AS denominator,
            '' AS reference, '' AS comment
        FROM (
            SELECT series.code, date '2021-07-01' + day AS observed_on, aggregation = 'ratio' AS of_sums,
                round((random() * 100)::numeric, 3) AS figure
            FROM generate_series(0, {DAYS - 1}) AS day
            CROSS JOIN metrics_series AS series
            JOIN metrics_indicator AS indicator ON indicator.id = series.indicator_id
            ORDER BY {{order}}
        ) AS measured
    ) TO STDOUT (FORMAT csv, HEADER)
"""
# Filled like the table itself. It has no triggers: those are the portal's work (marks, history), not storage, so
# their cost counts against the portal.
CLONE = """
    CREATE TABLE bare_measurement (LIKE metrics_measurement INCLUDING ALL);
    INSERT INTO bare_measurement (version, series_id, observed_on, reference, value, numerator, denominator, comment,
        recorded_at, excluded_at, excluded_by_id, exclusion_reason)
    SELECT version, series_id, observed_on, reference, value, numerator, denominator, comment,
        recorded_at, excluded_at, excluded_by_id, exclusion_reason
    FROM metrics_measurement ORDER BY series_id, observed_on, reference
"""
FOREIGN_KEYS = """
    SELECT string_agg(format('ALTER TABLE bare_measurement ADD %s', pg_get_constraintdef(oid)), ';')
    FROM pg_constraint WHERE conrelid = 'metrics_measurement'::regclass AND contype = 'f'
"""
STAGING = """
    CREATE TEMP TABLE staging (code text COLLATE "C", observed_on date, value numeric(30, 9), numerator numeric(30, 9),
        denominator numeric(30, 9), reference text COLLATE "C", comment text)
"""
STAGE = "\\copy staging FROM '{path}' (FORMAT csv, HEADER, FORCE_NOT_NULL (reference, comment))"
BARE_MERGE = """
    INSERT INTO bare_measurement (version, series_id, observed_on, reference, value, numerator, denominator, comment,
        recorded_at, exclusion_reason)
    SELECT 1, series.id, observed_on, reference, value, numerator, denominator, comment, now(), ''
    FROM staging JOIN metrics_series AS series USING (code)
    ON CONFLICT (series_id, observed_on, reference) DO UPDATE
    SET value = EXCLUDED.value, numerator = EXCLUDED.numerator, denominator = EXCLUDED.denominator,
        comment = EXCLUDED.comment, recorded_at = EXCLUDED.recorded_at
"""
FORGET = "DELETE FROM {table} WHERE observed_on >= '2021-07-01'"
FOUND = "SELECT (count(*), sum(value), sum(numerator))::text FROM {table} WHERE observed_on >= '2021-07-01'"
TABLES = ("metrics_measurement", "bare_measurement")
MEGABYTES = 300


@dataclass(frozen=True)
class Ran:
    """What a program took."""

    seconds: float
    megabytes: float


def ran(command: list[str]) -> Ran:
    """Run a program to its end: its time by the clock on the wall, start included, and the most memory it held.

    Linux counts what the bench itself holds as the least.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Ran(time.perf_counter() - begun, usage.ru_maxrss / 1024)


def figures(effort: Effort) -> list[Figure]:
    """Leaves the measurements as they were."""
    _clone()
    by_day, by_series = (_beside_psql(order, effort.imports) for order in (BY_DAY, BY_SERIES))
    _forget()
    run("DROP TABLE bare_measurement")
    psql = "psql \\copy, INSERT … ON CONFLICT"
    most = max(ours.megabytes for ours, _ in by_day + by_series)
    return [
        Figure("import_measurements", *_medians(by_day, psql), most=1.5),
        Figure("import_measurements: peak memory", most, "what it may hold", MEGABYTES, unit="MB", most=1),
        Figure("import, sorted by series", *_medians(by_series, psql)),
    ]


def _beside_psql(order: str, times: int) -> list[tuple[Ran, Ran]]:
    """What the command takes and what psql takes for the same file, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "measurements.csv"
        _write(path, order)
        ours = [sys.executable, "manage.py", "import_measurements", str(path)]
        psql = [postgres_program("psql"), "--quiet", "--no-psqlrc", "--single-transaction", "-v", "ON_ERROR_STOP=1"]
        bare = [*psql, database_url(), "-c", STAGING, "-c", STAGE.format(path=path), "-c", BARE_MERGE]
        return [_turn(ours, bare) for _ in range(times)]


def _turn(ours: list[str], bare: list[str]) -> tuple[Ran, Ran]:
    _forget()
    copied = ran(bare)
    write_out()
    imported = ran(ours)
    _compare()
    return imported, copied


def _medians(turns: list[tuple[Ran, Ran]], beside: str) -> tuple[float, str, float]:
    """As a figure wants them: what it took, beside what, and what that took."""
    ours, others = zip(*turns, strict=True)
    return (
        statistics.median(each.seconds for each in ours),
        beside,
        statistics.median(each.seconds for each in others),
    )


def _clone() -> None:
    run(CLONE)
    run(str(value_of(FOREIGN_KEYS)))


def _write(path: Path, order: str) -> None:
    with connection.cursor() as cursor, cursor.copy(FILE_ROWS.format(order=order)) as rows, path.open("wb") as file:
        file.writelines(rows)


def _forget() -> None:
    """Take the file's measurements out again, without marks and history."""
    run(TRIGGERS.format(verb="DISABLE"))
    for table in TABLES:
        run(FORGET.format(table=table))
    run(TRIGGERS.format(verb="ENABLE"))
    run("TRUNCATE metrics_folddue")
    settle()


def _compare() -> None:
    """Both must have written the same."""
    ours, bare = (value_of(FOUND.format(table=table)) for table in TABLES)
    if ours != bare:
        raise AssertionError(f"The import wrote {ours}, psql {bare}.")
