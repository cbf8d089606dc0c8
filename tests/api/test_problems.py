"""Errors are problem details (RFC 9457), wherever under /api/ they arise."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from rest_framework import exceptions, serializers

from brm_portal.urls import handler404, handler500  # noqa: F401  # Django reads them here
from brm_portal.urls import urlpatterns as portal_urls
from kernel.accounts.models import User
from kernel.rest.problems import problem_details
from tests.api.test_permissions import bearer
from tests.conftest import Cast


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


urlpatterns = [path("api/v1/breaks/", breaks), path("breaks/", breaks), *portal_urls]


def assert_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    "unknown", ["/api/", "/api/v1/", "/api/v1/nonsense/", "/api/v2/vendors/", "/api/v1/scorecards/x/"]
)
def test_unknown_routes(db: None, client: Client, unknown: str) -> None:
    assert_problem(client.get(unknown), 404)


def test_a_forgotten_slash_is_forgiven(db: None, client: Client) -> None:
    assert client.get("/api/v1/vendors")["Location"] == "/api/v1/vendors/"


def test_elsewhere_errors_are_pages(db: None, client: Client) -> None:
    answer = client.get("/nonsense/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("code", ["unheard-of", "a%00b", "%E2%98%83", "x" * 3000, "..%2F", "'%22;--"])
def test_keys_that_nothing_has(cast: Cast, get: Callable[..., Any], code: str) -> None:
    for resource in ("vendors", "contracts", "series"):
        assert_problem(get(f"{resource}/{code}/", cast.cio), 404)


def test_numbers_beyond_all_bounds(cast: Cast, get: Callable[..., Any]) -> None:
    assert_problem(get("scorecards/99999999999999999999/", cast.cio), 404)


def test_methods_nobody_offers(cast: Cast, client: Client) -> None:
    answer = client.put("/api/v1/vendors/acme/", headers=bearer(cast.cio, "vendors:write"))
    assert_problem(answer, 405)
    assert "GET" in answer["Allow"]


def test_a_form_of_answer_nobody_offers(cast: Cast, client: Client) -> None:
    headers = {**bearer(cast.cio, "vendors:read"), "Accept": "text/html"}
    assert_problem(client.get("/api/v1/vendors/", headers=headers), 406)


def test_what_nobody_foresaw_says_nothing_about_itself(db: None, client: Client) -> None:
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF="tests.api.test_problems"):
        answer, page = client.get("/api/v1/breaks/"), client.get("/breaks/")
    assert_problem(answer, 500)
    assert b"secret" not in answer.content
    assert page["Content-Type"].startswith("text/html")


def test_parse_errors() -> None:
    answer = problem_details(exceptions.ParseError("JSON parse error"), {})
    assert answer is not None
    assert answer.data == {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "JSON parse error"}


def test_waiting_is_said_in_the_header() -> None:
    answer = problem_details(exceptions.Throttled(wait=17.2), {})
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (429, "18")


class LineSerializer(serializers.Serializer[Any]):
    weight = serializers.IntegerField()


class CardSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    lines = LineSerializer(many=True)


def test_each_wrong_field_is_named_by_its_path() -> None:
    serializer = CardSerializer(data={"lines": [{"weight": 1}, {"weight": "x"}]})
    with pytest.raises(exceptions.ValidationError) as refused:
        serializer.is_valid(raise_exception=True)
    answer = problem_details(refused.value, {})
    assert answer is not None
    assert answer.data["errors"] == [
        {"field": "name", "message": "This field is required.", "code": "required"},
        {"field": "lines.1.weight", "message": "A valid integer is required.", "code": "invalid"},
    ]


def test_only_a_user_s_own_cache_may_keep_an_answer(cast: Cast, login: Callable[[User], Client]) -> None:
    answer = login(cast.cio).get("/api/v1/vendors/acme/")
    assert {"private", "no-cache"} <= set(answer["Cache-Control"].split(", "))
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))
