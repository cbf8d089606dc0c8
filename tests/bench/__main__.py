"""`make bench`: measure a tenth of the state and all of it, in databases of its own, and print a table.

`python -m tests.bench 0.01` measures a state a hundredth as large; `--json` prints rows for programs.
"""

import argparse
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["API_REQUESTS_PER_MINUTE"] = "1000000"  # A limit is no speed.
django.setup()

from django.db import connection  # noqa: E402  # models load only after setup()
from django.test.runner import DiscoverRunner  # noqa: E402
from rich.console import Console  # noqa: E402

from tests.bench import data, folding, importing, lists, load, pages, scoring  # noqa: E402
from tests.bench.measuring import Effort, Figure, run  # noqa: E402
from tests.bench.report import Row, table_of  # noqa: E402
from tests.workers import database_url  # noqa: E402

# Tests may run at the same time, several of them.
DATABASE = f"brm_bench_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
WIDTH = 130
PROGRESS = Console(stderr=True)


@dataclass(frozen=True)
class Measured:
    """What one state came to."""

    figures: list[Figure]
    pages: dict[str, pages.PageTime]


@contextmanager
def empty_database() -> Iterator[str]:
    """A new database with the portal's tables, which goes afterwards; its name, for copies."""
    connection.settings_dict["TEST"]["NAME"] = DATABASE
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        yield DATABASE
    finally:
        use(DATABASE)
        runner.teardown_databases(databases)


@contextmanager
def copied(database: str) -> Iterator[None]:
    """Work in a copy of a database, which goes afterwards."""
    creation = connection.creation
    creation.clone_test_db("copy", verbosity=0, autoclobber=True)
    try:
        use(str(creation.get_test_db_clone_settings("copy")["NAME"]))
        yield
    finally:
        use(database)
        creation.destroy_test_db(suffix="copy", verbosity=0)


def use(database: str) -> None:
    """Work in a database, here and in processes that are started from here on."""
    connection.close()
    connection.settings_dict["NAME"] = database
    os.environ["DATABASE_URL"] = database_url()


def log_to(nowhere: IO[str]) -> None:
    """Requests log as ever, but not into the report."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(nowhere)


def measure(part: data.Part, effort: Effort) -> Measured:
    """Fill an empty database and measure everything in it."""
    PROGRESS.print(f"{part.vendors:,} vendors, {part.levels:,} service levels, {part.measurements:,} measurements")
    data.fill(part)
    run("SET max_parallel_workers_per_gather = 0")  # Workers' time would be missing.
    figures = []
    for topic in (folding, scoring, importing):
        PROGRESS.print(f"  {topic.__name__.rpartition('.')[2]} …")
        figures += topic.figures(effort)
    connection.close()
    PROGRESS.print("  pages and lists …")
    pages.publish()
    figures += lists.figures(effort)
    times = pages.times(effort)
    PROGRESS.print("  load …")
    figures += load.figures(effort)
    return Measured(figures, times)


def compare(tenth: Measured, whole: Measured) -> list[Row]:
    """All rows of the report."""
    rows = [Row(large, small) for large, small in zip(whole.figures, tenth.figures, strict=True)]
    return rows + [Row(figure, None) for figure in pages.figures(tenth.pages, whole.pages)]


def main() -> None:
    """Measure, print, and fail where a bar is missed; a small state is too quick to be judged."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("scale", type=float, nargs="?", default=1.0, help="1: 2,000 vendors")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    effort = Effort.of(options.scale)
    with Path(os.devnull).open("w") as nowhere, empty_database() as database:
        log_to(nowhere)
        with copied(database):
            tenth = measure(data.Part.of(options.scale / 10), effort)
        whole = measure(data.Part.of(options.scale), effort)
    rows = compare(tenth, whole)
    if options.json:
        print(json.dumps([asdict(row) for row in rows]))
        return
    console = Console(width=max(Console().width, WIDTH))
    console.print(table_of(rows))
    if options.scale < 1:
        console.print("The bars are for the whole state (SCALE=1).")
    elif any(not row.figure.keeps for row in rows):
        raise SystemExit("Slower than allowed.")


if __name__ == "__main__":
    main()
