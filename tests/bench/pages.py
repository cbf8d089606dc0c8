"""The pages people open most, in process: how they grow with the data, and that their queries do not."""

import datetime
import statistics
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.models import Methodology
from metrics.operations import refresh_outcome_readings
from tests.bench.data import FIRST_DAY, MONTHS
from tests.bench.measuring import Effort, Figure, settle, timed
from tests.bench.people import in_session, office
from vendors.models import Scorecard, ServiceLevel, Vendor
from vendors.operations import compute_scorecards, publish_scorecards

QUARTERS = [datetime.date(2020, 7, 1), datetime.date(2020, 10, 1), datetime.date(2021, 1, 1), datetime.date(2021, 4, 1)]
MOST, OR_MORE_BY = 1.3, 10


@dataclass(frozen=True)
class PageTime:
    """What a page takes, warm: the median of its times in milliseconds, and its queries."""

    milliseconds: float
    queries: int


def publish() -> None:
    """Publish the year and its quarters, and read the outcomes."""
    methodology = Methodology.objects.get(is_default=True)
    for period_start, months in [*((start, 3) for start in QUARTERS), (FIRST_DAY, MONTHS)]:
        compute_scorecards(
            period_start=period_start, months=months, methodology=methodology, vendors=Vendor.objects.all()
        )
    publish_scorecards(scorecards=Scorecard.objects.all(), by=office())
    refresh_outcome_readings()
    settle()


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
    }


def times(effort: Effort) -> dict[str, PageTime]:
    """Every page as the CIO's office opens it."""
    cio = in_session(office())
    return {name: _time(cio, address, effort.samples) for name, address in addresses().items()}


def _time(client: Client, address: str, samples: int) -> PageTime:
    taken = timed(lambda: _open(client, address), samples)
    with CaptureQueriesContext(connection) as queries:
        _open(client, address)
    return PageTime(statistics.median(taken), len(queries))


def _open(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise AssertionError(f"{address} answered {response.status_code}.")


def figures(small: dict[str, PageTime], large: dict[str, PageTime]) -> list[Figure]:
    """Times with all data beside those with a tenth; likewise the queries, which must be equal."""
    rows = []
    for name, time in large.items():
        tenth = small[name]
        most, least = max(time.queries, tenth.queries), min(time.queries, tenth.queries)
        rows += [
            Figure(name, time.milliseconds, "with a tenth", tenth.milliseconds, "ms", MOST, OR_MORE_BY),
            Figure(f"{name}: queries", most, "the fewest of both", least, "", most=1),
        ]
    return rows
