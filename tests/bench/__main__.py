"""`make bench`: measure a tenth of the state and all of it, in databases of its own, and print a table.

`python -m tests.bench 0.01` measures a state a hundredth as large; `--json` prints rows for programs.
"""

import argparse
import json
import logging
import os
from dataclasses import asdict
from pathlib import Path
from typing import IO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["API_REQUESTS_PER_MINUTE"] = "1000000"  # A limit is no speed.
django.setup()

from rich.console import Console  # noqa: E402

from tests.bench import data, folding, importing, lists, load, pages, scoring  # noqa: E402  # models need setup()
from tests.bench.databases import empty_databases, use  # noqa: E402
from tests.bench.measuring import Effort, Figure  # noqa: E402
from tests.bench.report import Row, table_of  # noqa: E402

WIDTH = 130
PROGRESS = Console(stderr=True)


def log_to(nowhere: IO[str]) -> None:
    """Requests log as ever, but not into the report."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(nowhere)


def measure(part: data.Part, effort: Effort) -> list[Figure]:
    """Fill the empty database in use, and measure everything in it."""
    PROGRESS.print(f"{part.vendors:,} vendors, {part.levels:,} service levels, {part.measurements:,} measurements")
    data.fill(part)
    figures = []
    for topic in (folding, scoring, importing):
        PROGRESS.print(f"  {topic.__name__.rpartition('.')[2]} …")
        figures += topic.figures(effort)
    pages.publish()
    for topic in (lists, load):
        PROGRESS.print(f"  {topic.__name__.rpartition('.')[2]} …")
        figures += topic.figures(effort)
    return figures


def measure_both(scale: float) -> list[Row]:
    """A tenth and the whole of it; pages are opened in both by turns, so that only the data differs."""
    effort = Effort.of(scale)
    with empty_databases() as (tenth, whole):
        use(tenth)
        of_tenth = measure(data.Part.of(scale / 10), effort)
        use(whole)
        of_whole = measure(data.Part.of(scale), effort)
        PROGRESS.print("  pages …")
        of_pages = pages.figures(tenth, whole, effort)
    rows = [Row(large, small) for large, small in zip(of_whole, of_tenth, strict=True)]
    return rows + [Row(figure, None) for figure in of_pages]


def main() -> None:
    """Measure, print, and fail where a bar is missed; a small state is too quick to be judged."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("scale", type=float, nargs="?", default=1.0, help="1: 2,000 vendors")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with Path(os.devnull).open("w") as nowhere:
        log_to(nowhere)
        rows = measure_both(options.scale)
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
