"""`make bench` once, on a hundredth of the state: that it measures what it says, not how fast that is."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench.pages import HELD, SPANNING

ROOT = Path(__file__).resolve().parent.parent
# Some of the pages, of which each entry in `tests/resources/` may name two.
PAGES = (*sorted(HELD), *SPANNING, "contract list", "contract page", "service list", "duplicate list", "indicator page")
ROWS = [
    "fold everything",
    "score everything",
    "recompute 1% of the vendors",
    "recompute 1%, nothing vacuumed",
    "import_measurements",
    "import_measurements: peak memory",
    "import, sorted by series",
    "scorecards over the API, 100 rows",
    "the same list",
    "p95, 20 users",
    "failed requests",
]


@pytest.mark.slow
def test_the_bench_measures_all_that_it_names_and_nothing_fails_under_load() -> None:
    bench = subprocess.run(
        [sys.executable, "-m", "tests.bench", "0.01", "--json"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert bench.returncode == 0, bench.stderr[-4_000:]
    rows: list[dict[str, Any]] = json.loads(bench.stdout)
    figures = {row["figure"]["name"]: row["figure"] for row in rows}
    assert list(figures)[: len(ROWS)] == ROWS
    pages = list(figures)[len(ROWS) :: 2]
    assert set(PAGES) <= set(pages)
    failed = figures.pop("failed requests")
    assert failed["took"] == 0
    assert failed["other"] > 0
    for figure in figures.values():
        assert figure["took"] > 0
        assert figure["other"] > 0
        assert math.isfinite(figure["took"] / figure["other"])
    # What no busy machine shifts.
    assert 50 < figures["import_measurements: peak memory"]["took"] < 300
    for page in pages:
        queries = figures[f"{page}: queries"]
        assert queries["took"] <= queries["other"] + queries["or_more_by"]
    assert all(row["tenth"] for row in rows[: len(ROWS)])
