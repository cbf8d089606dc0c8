"""The pages people open most, in process: how they grow with the data, and that their queries do not."""

import datetime
import statistics
from collections import defaultdict
from decimal import Decimal
from functools import partial

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.directory.likeness import Reason
from metrics.models import Methodology
from metrics.outcomes.reading import refresh_outcome_readings
from tests.bench.data import FIRST_DAY, MONTHS
from tests.bench.databases import use
from tests.bench.measuring import Effort, Figure, settle, timed
from tests.bench.people import in_session, office
from vendors.models import LikelyDuplicate, Scorecard, ServiceLevel, Vendor
from vendors.scorecards.computing import compute_scorecards
from vendors.scorecards.publishing import publish_scorecards

QUARTERS = [datetime.date(2020, 7, 1), datetime.date(2020, 10, 1), datetime.date(2021, 1, 1), datetime.date(2021, 4, 1)]
MOST, OR_MORE_BY = 1.3, 10
# So often the databases take turns: what else the machine does then falls on both alike.
TURNS = 10
# The pages that people open most keep the bar; the others are timed for information. Of all, queries must not grow.
HELD = frozenset({"overview", "vendor list", "vendor page", "scorecard page", "series page"})

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
    """Each page's address, of rows amid all others."""
    vendor = Vendor.objects.order_by("pk")[Vendor.objects.count() // 2]
    card = Scorecard.objects.get(vendor=vendor, period_start=FIRST_DAY, months=MONTHS)
    level = ServiceLevel.objects.filter(contract__vendor=vendor).earliest("pk")
    return {
        "overview": "/overview/",
        "vendor list": "/vendors/",
        "vendor page": vendor.get_absolute_url(),
        "scorecard page": card.get_absolute_url(),
        "series page": level.get_absolute_url(),
        "contract list": "/contracts/",
        "contract page": level.contract.get_absolute_url(),
        "service list": "/services/",
        "spending": "/spending/",
        "segments": "/segments/",
        "likely duplicates": "/likely-duplicates/",
        "calendar": "/calendar/",
        "search": "/search/?q=vendor",
    }


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
                times[name, database] += timed(partial(_open, cio, address), effort.samples // turns)
                queries[name, database] = _queries(cio, address)
    return [figure for name in addresses() for figure in _figures(name, tenth, whole, times, queries)]


def _figures(name: str, tenth: str, whole: str, times: Times, queries: dict[tuple[str, str], int]) -> list[Figure]:
    large, small = (statistics.median(times[name, database]) for database in (whole, tenth))
    counts = queries[name, whole], queries[name, tenth]
    bar = (MOST, OR_MORE_BY) if name in HELD else ()
    return [
        Figure(name, large, "with a tenth", small, "ms", *bar),
        Figure(f"{name}: queries", max(counts), "the fewest of both", min(counts), "", most=1),
    ]


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        _open(client, address)
        return len(queries)


def _open(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise AssertionError(f"{address} answered {response.status_code}.")
