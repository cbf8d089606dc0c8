"""A fixed number of queries for every list and every row, however many rows there are.

Every request: 1 the session's user, and for an auditor 1 more for the second factor. A list: 1 the count, 1 the rows.
A row: 1. What lies beside stands in its entry in `tests/resources/`.
"""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.accounts.models import User
from tests.api.keys import VIEWSET, key_of
from tests.conftest import Cast, World
from tests.resources import BY_NAME, VISITORS, another_side
from tests.resources.letters import OWNER, WHO_ASKED

ONES_OWN = (OWNER, WHO_ASKED)


def count(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, path
    return len(queries)


@pytest.mark.parametrize("role", ["cio", "agency_member"])
def test_queries_do_not_grow_with_rows(cast: Cast, world: World, login: Callable[[User], Client], role: str) -> None:
    user = cast.by_role()[role]
    client = login(user)
    expected = {
        name: entry.beside
        for name, entry in BY_NAME.items()
        if entry.reads.ours[VISITORS.index(role)] == "o" or entry.reads in ONES_OWN
    }
    counted = []
    for code in ("first", "second"):
        side = another_side(world, cast, code, member=user)
        keys = {name: key_of(VIEWSET[name], side) for name in expected}
        counted.append(
            {name: (count(client, f"{name}/") - 3, count(client, f"{name}/{key}/") - 2) for name, key in keys.items()}
        )
    assert counted == [expected, expected]
