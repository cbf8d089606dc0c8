"""A hundred scorecards over the API, beside plain REST framework and bare WSGI."""

import statistics
from typing import Any

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tests.bench import plain
from tests.bench.measuring import RUNS, Effort, Figure, timed
from tests.bench.people import HOST, in_session, office, token

ROWS = 100


def figures(effort: Effort) -> list[Figure]:
    """As another system asks, with a token; the plain list knows sessions only."""
    system = Client(SERVER_NAME=HOST, headers={"Authorization": f"Bearer {token()}"})
    cio = in_session(office())
    ours: list[float] = []
    others: list[float] = []
    for _ in range(RUNS):
        ours += timed(lambda: read(system, "/api/v1/scorecards/"), effort.samples // RUNS)
        with plainly():
            others += timed(lambda: read(cio, "/scorecards/"), effort.samples // RUNS)
    with plainly(), CaptureQueriesContext(connection) as asked:
        expected = read(cio, "/scorecards/").json()
        statements = [query["sql"] for query in asked if "vendors_scorecard" in query["sql"]]
    _compare(read(system, "/api/v1/scorecards/").json(), expected)
    application = plain.bare_list(statements)
    bare = timed(lambda: application({}, lambda *_: None), effort.samples)
    took, name = statistics.median(ours), f"scorecards over the API, {ROWS} rows"
    return [
        Figure(name, took, "plain REST framework", statistics.median(others), unit="ms", most=1.5),
        Figure("the same list", took, "bare WSGI with orjson", statistics.median(bare), unit="ms"),
    ]


def plainly() -> Any:
    """Serve the plain list, with the middleware of a new project."""
    return override_settings(ROOT_URLCONF="tests.bench.plain", MIDDLEWARE=plain.MIDDLEWARE)


def read(client: Client, path: str) -> Any:
    """One page of the list, answered."""
    response = client.get(path, {"page_size": ROWS})
    if response.status_code != 200:
        raise AssertionError(f"{path}: {response.status_code} {response.content[:300]!r}")
    return response


def _compare(ours: Any, others: Any) -> None:
    """Both must say the same."""
    if ours["results"] != others["results"]:
        raise AssertionError(f"The API says {ours['results'][:1]}, plain REST framework {others['results'][:1]}.")
