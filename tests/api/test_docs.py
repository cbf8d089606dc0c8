"""The API's documentation: every operation has a page, and tries run as the reader."""

from collections.abc import Callable

import pytest
from django.test import Client

from kernel.accounts.models import User
from kernel.rest.description import operations
from tests.conftest import Cast


def test_every_operation_has_a_page(cast: Cast, login: Callable[[User], Client]) -> None:
    client = login(cast.outsider)
    index = client.get("/api/v1/docs/").content.decode()
    assert len(operations()) == 96
    for code, operation in operations().items():
        assert f'href="/api/v1/docs/{code}/"' in index
        page = client.get(f"/api/v1/docs/{code}/")
        assert page.status_code == 200
        assert operation.path in page.content.decode()


def test_an_operation_in_words(db: None) -> None:
    operation = operations()["scorecards_retrieve"]
    kinds = {field.path: field.kind for field in operation.answer}
    assert kinds["score"] == "decimal text or null"
    assert kinds["status"] == "one of draft, in_review, published"
    assert kinds["vendor.name"] == "text"
    assert kinds["lines[].targets[].from"] == "month"
    assert kinds["lines[].latest_month"] == "month or null"
    assert kinds["published_at"] == "day and time or null"
    listed = operations()["scorecards_list"]
    assert {field.path for field in listed.answer} >= {"count", "next", "results[].trend"}
    current = next(each for each in listed.parameters if each.name == "current")
    assert (current.kind, current.choices, current.place) == ("true or false", ("true", "false"), "query")


@pytest.mark.parametrize(
    ("role", "query", "expected"),
    [
        ("cio", "code=rival", "Answer: 200 OK"),
        ("agency_member", "code=rival", "Answer: 404 Not Found"),
        ("agency_member", "code=a%2Fb", "Answer: 404 Not Found"),
        ("agency_member", "", "This field is required."),
    ],
)
def test_a_try_runs_as_the_reader(
    cast: Cast, login: Callable[[User], Client], role: str, query: str, expected: str
) -> None:
    client = login(cast.by_role()[role])
    assert expected in client.get(f"/api/v1/docs/vendors_retrieve/?_send=1&{query}").content.decode()


def test_what_a_try_answers_is_text(cast: Cast, login: Callable[[User], Client]) -> None:
    page = login(cast.cio).get("/api/v1/docs/vendors_list/", {"_send": 1, "search": "<script>alert(1)</script>"})
    assert b"<script>alert" not in page.content


def test_unknown_operations_and_strangers(cast: Cast, client: Client, login: Callable[[User], Client]) -> None:
    assert client.get("/api/v1/docs/").status_code == 302
    assert login(cast.cio).get("/api/v1/docs/nonsense/").status_code == 404
