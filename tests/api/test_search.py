"""Global search over the API: what the page finds, of the resources that a token's scopes name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kernel.directory.models import Alias
from tests.api.test_permissions import bearer
from tests.conftest import Cast, World
from vendors.models import Contract

Get = Callable[..., Any]


@pytest.fixture(autouse=True)
def named(world: World) -> None:
    """Names that are worth searching."""
    Contract.objects.filter(pk=world.contract.pk).update(title="Café wiring")
    Alias.objects.create(organization=world.acme.organization, name="Wile & Coyote Supplies", source="test")


def test_the_api_finds_the_same(cast: Cast, get: Get) -> None:
    answer = get("search/", cast.cio, q="coyote").json()
    assert answer == {
        "results": [
            {
                "resource": "vendors",
                "key": "acme",
                "name": "Acme Cloud",
                "note": "acme · also known as Wile & Coyote Supplies",
            }
        ],
        "more": [],
    }


def test_a_token_finds_what_its_scopes_name(cast: Cast, client: Client) -> None:
    for scope, expected in (("contracts:read", ["contracts"]), ("vendors:read", [])):
        headers = bearer(cast.cio, "search:read", scope)
        results = client.get("/api/v1/search/?q=wiring", headers=headers).json()["results"]
        assert [row["resource"] for row in results] == expected


@pytest.mark.parametrize("query", [{}, {"q": " "}, {"q": "x" * 201}, {"q": "x", "kind": "vendors"}])
def test_a_search_that_cannot_be_followed_is_refused(cast: Cast, get: Get, query: dict[str, str]) -> None:
    answer = get("search/", cast.cio, **query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] in {"q", "kind"}
