"""How fast a whole state is folded and scored, against the bare statements underneath: `make bench`.

Fills a database of its own with 2,000 vendors, 20,000 service levels and some 900,000 measurements.
"""

import datetime
import os
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402  # models load only after setup()
from django.test.runner import DiscoverRunner  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from brm_portal.directory.models import Organization  # noqa: E402
from metrics.models import Dimension, Indicator, Methodology, Series, Target  # noqa: E402
from metrics.operations import fold_due  # noqa: E402
from vendors.models import Contract, ScoringDue, ServiceLevel, Vendor  # noqa: E402
from vendors.operations import compute_scorecards, pull_series_changes, recompute_due  # noqa: E402

VENDORS, LEVELS, HALF_MONTHS = 2_000, 20_000, 48
START, FIRST = datetime.date(2020, 1, 1), datetime.date(2020, 7, 1)
RUNS = 3

MEASURE = """
    INSERT INTO metrics_measurement (version, series_id, observed_on, reference, value, numerator, denominator,
        comment, recorded_at, exclusion_reason)
    SELECT 1, series.id, date '2020-01-01' + half_month * 15, '',
        CASE indicator.aggregation WHEN 'ratio' THEN NULL ELSE round((random() * 100)::numeric, 3) END,
        CASE indicator.aggregation WHEN 'ratio' THEN round((random() * 100)::numeric, 3) END,
        CASE indicator.aggregation WHEN 'ratio' THEN 100 END,
        '', now(), ''
    FROM metrics_series AS series
    JOIN metrics_indicator AS indicator ON indicator.id = series.indicator_id
    CROSS JOIN generate_series(0, %s) AS half_month
    WHERE random() < 0.95
"""
MARK_EVERYTHING = """
    TRUNCATE metrics_folddue;
    INSERT INTO metrics_folddue (series_id, month)
    SELECT DISTINCT series_id, date_trunc('month', observed_on::timestamp)::date FROM metrics_measurement
"""
BARE_FOLD = """
    INSERT INTO metrics_monthlyvalue (series_id, month, n, total, minimum, maximum, last, numerator, denominator)
    SELECT series_id, date_trunc('month', observed_on::timestamp)::date, count(*), sum(value), min(value),
        max(value), (array_agg(value ORDER BY observed_on DESC, reference DESC))[1], sum(numerator), sum(denominator)
    FROM metrics_measurement WHERE excluded_at IS NULL GROUP BY 1, 2
"""
BARE_AGGREGATION = """
    DROP TABLE IF EXISTS bare_line;
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
BARE_WRITING = """
    INSERT INTO vendors_scorecard TABLE kept_card;
    INSERT INTO vendors_scorecarddimension TABLE kept_dimension;
    INSERT INTO vendors_scorecardline TABLE kept_line
"""
CLEAR_SCORECARDS = """
    DELETE FROM vendors_scorecardline; DELETE FROM vendors_scorecarddimension; DELETE FROM vendors_scorecard
"""
SETTLE = "VACUUM ANALYZE"


def run(sql: str, *parameters: object) -> None:
    """Run one or several statements in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


def settle() -> None:
    """Leave no dead rows and no stale statistics from the step before."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE)


def spent() -> float:
    """Processor seconds that this session's server process has used: a busy machine does not shift them much."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def fastest(*works: tuple[Callable[[], object], Callable[[], object]]) -> list[float]:
    """Seconds that each work takes at best, after its preparation; in turns, so that all meet the same machine."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(RUNS):
        for taken, (work, prepare) in zip(times, works, strict=True):
            prepare()
            before = spent()
            work()
            taken.append(spent() - before)
    return [min(taken) for taken in times]


def fill() -> None:
    """A large state."""
    organizations = Organization.objects.bulk_create(
        Organization(code=f"v-{n}", name=f"Vendor {n}") for n in range(VENDORS)
    )
    vendors = Vendor.objects.bulk_create(
        Vendor(organization=organization, kind=Vendor.Kind.PRIVATE_PARTNER) for organization in organizations
    )
    contracts = Contract.objects.bulk_create(
        Contract(
            number=f"c-{n}",
            title="Agreement",
            vendor=vendors[n % VENDORS],
            agency=organizations[0],
            starts_on=START,
            criticality=1 + n % 5,
        )
        for n in range(VENDORS * 5 // 2)
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(
            code=f"i-{n}",
            name="Indicator",
            unit="%" if n % 3 else "days",
            direction=Indicator.Direction.values[n % 2],
            aggregation=Indicator.Aggregation.values[n % 6],
            cadence=Indicator.Cadence.values[n % 6],
        )
        for n in range(200)
    )
    series = Series.objects.bulk_create(
        Series(
            code=f"s-{n}",
            indicator=indicators[n % 200],
            direction=indicators[n % 200].direction,
            agency=organizations[0],
        )
        for n in range(LEVELS)
    )
    ServiceLevel.objects.bulk_create(
        ServiceLevel(
            series=each,
            contract=contracts[n % len(contracts)],
            dimension=Dimension.values[n % 7],
            weight=1 + n % 3,
            first_month=START,
        )
        for n, each in enumerate(series)
    )
    Target.objects.bulk_create(
        Target(
            series=each,
            direction=each.direction,
            effective_from=month,
            floor=10 if each.direction == Indicator.Direction.HIGHER else 90,
            target=50,
            stretch=90 if each.direction == Indicator.Direction.HIGHER else 10,
        )
        for each in series
        for month in (START, datetime.date(2020, 11, 1))
    )
    run(MEASURE, HALF_MONTHS - 1)
    settle()


def clear_folds() -> None:
    run("TRUNCATE metrics_monthlyvalue, metrics_serieschange")
    run(MARK_EVERYTHING)
    settle()


def clear_scorecards() -> None:
    run(CLEAR_SCORECARDS)
    settle()


def compute() -> None:
    compute_scorecards(
        period_start=FIRST,
        months=12,
        methodology=Methodology.objects.get(is_default=True),
        vendors=Vendor.objects.all(),
    )


def change_one_percent() -> None:
    """New figures for every hundredth vendor, due for scoring."""
    ScoringDue.objects.all().delete()
    vendors = list(Vendor.objects.order_by("pk").values_list("pk", flat=True)[::100])
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE metrics_monthlyvalue SET total = total + 1, numerator = numerator + 1 WHERE series_id IN (
                SELECT series_id FROM vendors_servicelevel AS level
                JOIN vendors_contract AS contract ON contract.id = level.contract_id WHERE vendor_id = ANY(%s))""",
            [vendors],
        )
    ScoringDue.objects.bulk_create(ScoringDue(vendor_id=vendor, first_month=FIRST) for vendor in vendors)


def measure() -> list[tuple[str, float, str, float, float]]:
    """What was measured, its seconds, beside what, that one's seconds, and how many times it may take."""
    bare_fold, fold = fastest((lambda: run(BARE_FOLD), clear_folds), (fold_due, clear_folds))
    pull_series_changes()
    compute()
    run(KEEP_RESULTS)
    aggregation, writing, everything = fastest(
        (lambda: run(BARE_AGGREGATION), clear_scorecards),
        (lambda: run(BARE_WRITING), clear_scorecards),
        (compute, clear_scorecards),
    )
    (one_percent,) = fastest((recompute_due, change_one_percent))
    return [
        ("fold everything", fold, "the bare aggregation and insert", bare_fold, 1.5),
        ("score everything", everything, "the bare aggregation and writing", aggregation + writing, 3),
        ("score 1% again", one_percent, "scoring everything", everything, 0.05),
    ]


def main() -> None:
    """Measure in a database of its own, which goes afterwards."""
    connection.settings_dict["TEST"]["NAME"] = "brm_bench"  # Tests may run at the same time.
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        fill()
        run("SET max_parallel_workers_per_gather = 0")  # Workers' time would be missing.
        figures = measure()
    finally:
        runner.teardown_databases(databases)
    table = Table("what", "seconds", "beside", "seconds", "times", "allowed")
    for what, seconds, beside, bare, allowed in figures:
        table.add_row(what, f"{seconds:.2f}", beside, f"{bare:.2f}", f"{seconds / bare:.3f}", f"{allowed}")
    Console().print(table)
    if any(seconds > bare * allowed for _, seconds, _, bare, allowed in figures):
        raise SystemExit("Slower than allowed.")


if __name__ == "__main__":
    main()
