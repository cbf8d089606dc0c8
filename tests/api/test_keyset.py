"""Big lists in pages that each begin after a row: nothing twice, nothing left out, whatever the order."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brm_portal.api import VIEWSETS
from kernel import paging
from kernel.accounts.models import User
from kernel.rest.keyset import KeysetPagination
from metrics.models import Measurement
from tests.conftest import JANUARY, Cast, World
from tests.resources import another_side, make_rows
from tests.vendors.scorecards.cards import make_scorecard

Get = Callable[..., Any]
BIG = [viewset for viewset in VIEWSETS if viewset.pagination_class is KeysetPagination]


@pytest.fixture
def many(cast: Cast, world: World) -> None:
    """Several rows of everything, among them scorecards without a score."""
    make_rows(world, cast)
    for code in ("first", "second", "third"):
        another_side(world, cast, code, member=cast.agency_member)
    for months in (1, 2, 3):
        make_scorecard(world.acme, world.methodology, JANUARY, months, score=None)


def pages(get: Get, user: User, path: str) -> list[list[Any]]:
    """The rows of each page, from the first to the last."""
    answer = get(path, user).json()
    found = [answer["results"]]
    while answer["next"]:
        answer = get(path_of(answer["next"]), user).json()
        found.append(answer["results"])
    return found


def path_of(link: str) -> str:
    return link.partition("/api/v1/")[2]


def test_the_big_lists_are_these() -> None:
    found = {viewset.resource for viewset in BIG}
    assert found == {"measurements", "payments", "targets", "series", "service-levels", "scorecards"}


@pytest.mark.parametrize("viewset", BIG, ids=[viewset.resource for viewset in BIG])
def test_pages_make_up_the_list(cast: Cast, many: None, get: Get, viewset: Any) -> None:
    orders = [order for name in viewset.ordering_fields for order in (name, f"-{name}")]
    mixed = ",-".join(viewset.ordering_fields)
    for query in ("", *(f"ordering={order}&" for order in (*orders, mixed))):
        path = f"{viewset.resource}/?{query}"
        whole = get(path, cast.cio).json()
        assert whole["next"] is None
        assert len(whole["results"]) == whole["count"] > 4
        found = pages(get, cast.cio, f"{path}page_size=2")
        assert [row for page in found for row in page] == whole["results"], query
        assert all(len(page) == 2 for page in found[:-1])


def test_a_page_further_on_takes_no_more_queries(cast: Cast, many: None, get: Get) -> None:
    counted = []
    get("measurements/", cast.cio)  # signs in
    path = "measurements/?page_size=1"
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            answer = get(path, cast.cio).json()
        counted.append(len(queries))
        path = path_of(answer["next"])
    assert counted == counted[:1] * 3


def test_an_index_leads_to_the_page(cast: Cast, many: None, get: Get) -> None:
    """Rows are compared as a whole, so that PostgreSQL begins amid the unique index."""
    following = path_of(get("measurements/", cast.cio, page_size=2).json()["next"])
    with CaptureQueriesContext(connection) as queries:
        get(following, cast.cio)
    (statement,) = (each["sql"] for each in queries if "ROW(" in each["sql"] and "LIMIT 3" in each["sql"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert re.search(r"Index Cond: .*ROW\(", plan), plan


@pytest.mark.parametrize("cursor", ["x", "eyJhIjoxfQ:1:2", "\0"])
def test_what_names_no_row(cast: Cast, many: None, get: Get, cursor: str) -> None:
    answer = get("measurements/", cast.cio, after=cursor)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "after"


def test_a_cursor_goes_with_its_order_and_its_list(cast: Cast, many: None, get: Get) -> None:
    cursor = get("targets/", cast.cio, page_size=2).json()["next"].partition("after=")[2].partition("&")[0]
    for path in ("targets/?ordering=effective_from&", "measurements/?"):
        answer = get(f"{path}after={cursor}", cast.cio)
        assert answer.status_code == 400, path
        assert answer.json()["errors"][0]["field"] == "after"


def test_a_page_number_is_no_parameter_here(cast: Cast, many: None, get: Get) -> None:
    assert get("measurements/", cast.cio, page=2).json()["errors"][0]["field"] == "page"


def test_counting_ends_somewhere(cast: Cast, many: None, get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    answer = get("measurements/", cast.cio).json()
    assert answer["count"] == 3
    assert len(answer["results"]) == Measurement.objects.count() > 3


def test_a_page_says_that_there_are_more(cast: Cast, many: None, login: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    assert "3+</strong>" in login(cast.cio).get("/service-levels/").content.decode()
