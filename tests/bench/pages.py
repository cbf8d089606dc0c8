"""Lists and pages of single rows, in process: how they grow with the data, and that their queries do not."""

import datetime
import statistics
from collections import defaultdict
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel.directory.likeness import Reason
from metrics.models import Methodology
from metrics.outcomes.reading import refresh_outcome_readings
from tests.bench.data import FIRST_DAY, MONTHS
from tests.bench.databases import use
from tests.bench.measuring import Effort, Figure, settle, timed
from tests.bench.people import in_session, office
from tests.resources import RESOURCES
from vendors.models import LikelyDuplicate, Scorecard, Vendor
from vendors.scorecards.computing import compute_scorecards
from vendors.scorecards.publishing import publish_scorecards

QUARTERS = [datetime.date(2020, 7, 1), datetime.date(2020, 10, 1), datetime.date(2021, 1, 1), datetime.date(2021, 4, 1)]
MOST, OR_MORE_BY = 1.3, 10
# So often the databases take turns: what else the machine does then falls on both alike.
TURNS = 10
# The pages that people open most keep the bar; the others are timed for information. Of all, queries must not grow.
HELD = frozenset({"overview", "vendor list", "vendor page", "scorecard page", "service level page"})

# Pages whose rows have the same hanging on them in both databases.
ALIKE = HELD | {"contract page"}
SPANNING = {
    "overview": "/overview/",
    "spending": "/spending/",
    "segments": "/segments/",
    "calendar": "/calendar/",
    "search": "/search/?q=vendor",
}

# Milliseconds by page and database.
Times = dict[tuple[str, str], list[float]]


def publish() -> None:
    """Publish the year and its quarters, and read the outcomes."""
    methodology = Methodology.objects.get(is_default=True)
    for period_start, months in [*((start, 3) for start in QUARTERS), (FIRST_DAY, MONTHS)]:
        compute_scorecards(
            period_start=period_start, months=months, methodology=methodology, vendors=Vendor.objects.all()
        )
    publish_scorecards(scorecards=Scorecard.objects.all(), by=office())
    refresh_outcome_readings()
    suspect_neighbours()
    settle()


def suspect_neighbours() -> None:
    """Every other vendor may be one with the next."""
    keys = list(Vendor.objects.order_by("pk").values_list("pk", flat=True))
    LikelyDuplicate.objects.bulk_create(
        LikelyDuplicate(one_id=one, other_id=other, certainty=Decimal("0.7"), reasons=[Reason.OTHER_NUMBERS])
        for one, other in zip(keys[::2], keys[1::2], strict=False)
    )


def addresses() -> dict[str, str]:
    """What spans many rows; each entry's list, and its page of a row amid all others, where there are rows."""
    found = dict(SPANNING)
    for entry in RESOURCES:
        row = amid_all(entry.model)
        for route in entry.pages if row else ():
            stem, _, page = route.partition(":")[2].replace("_", " ").rpartition(" ")
            if page == "list":
                found[f"{stem} list"] = reverse(route)
            elif page == "detail":
                found[f"{stem} page"] = row.get_absolute_url()
    return found


def amid_all(model: type[Model]) -> Any:
    """The row in the middle; of scorecards, one of the whole year."""
    rows = model._default_manager.order_by("pk")
    if model is Scorecard:
        rows = rows.filter(period_start=FIRST_DAY, months=MONTHS)
    return rows[rows.count() // 2 :].first()


def figures(tenth: str, whole: str, effort: Effort) -> list[Figure]:
    """Times with all data beside those with a tenth; likewise the queries, which must be equal."""
    times: Times = defaultdict(list)
    queries: dict[tuple[str, str], int] = {}
    turns = min(TURNS, effort.samples)
    for _ in range(turns):
        for database in (tenth, whole):
            use(database)
            cio = in_session(office())
            for name, address in addresses().items():
                samples = effort.samples // turns if name in HELD else 1
                times[name, database] += timed(partial(_open, cio, address), samples)
                queries[name, database] = _queries(cio, address)
    in_both = [name for name, database in queries if database == whole and (name, tenth) in queries]
    return [figure for name in in_both for figure in _figures(name, tenth, whole, times, queries)]


def _figures(name: str, tenth: str, whole: str, times: Times, queries: dict[tuple[str, str], int]) -> list[Figure]:
    large, small = (statistics.median(times[name, database]) for database in (whole, tenth))
    counts = queries[name, whole], queries[name, tenth]
    bar = (MOST, OR_MORE_BY) if name in HELD else ()
    # What hangs on the row of one database may be missing from that of the other.
    spare = 1 if name.endswith(" page") and name not in ALIKE else 0
    return [
        Figure(name, large, "with a tenth", small, "ms", *bar),
        Figure(f"{name}: queries", max(counts), "the fewest of both", min(counts), "", 1, spare),
    ]


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        _open(client, address)
        return len(queries)


def _open(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise AssertionError(f"{address} answered {response.status_code}.")
