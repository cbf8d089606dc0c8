"""How the tests call the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kernel.accounts.models import User
from tests.conftest import Cast, World
from tests.resources import Rows, make_rows


@pytest.fixture
def get(login: Callable[[User], Client]) -> Callable[..., Any]:
    """Read the API as somebody: `get("vendors/", cast.cio, kind="internal")`."""

    def read(path: str, user: User, **query: object) -> Any:
        return login(user).get(f"/api/v1/{path}", query)

    return read


@pytest.fixture
def rows(world: World, cast: Cast) -> Rows:
    """A row of each kind of ours, and one of theirs."""
    return make_rows(world, cast)
