"""Many measurements in one request: all or none, or the good ones; sent twice, nothing changes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kernel.accounts.models import User
from metrics.models import Measurement
from tests.conftest import Cast

PATH = "/api/v1/measurements/bulk/"
GOOD = [{"series": "C-1-uptime", "observed_on": f"2022-01-{day:02}", "value": "99.5"} for day in range(1, 6)]
BAD: list[tuple[dict[str, Any], str]] = [
    ({"series": "unheard-of", "observed_on": "2022-02-01", "value": 1}, "unknown_series"),
    ({"series": "C-1-uptime", "observed_on": "2999-02-01", "value": 1}, "future_date"),
    ({"series": "C-1-uptime", "observed_on": "2022-02-01"}, "one_form"),
    ({"series": "C-1-uptime", "observed_on": "2022-02-01", "value": "NaN"}, "bad_number"),
    ({"series": "C-1-uptime", "observed_on": "2022-02-01", "value": 1, "comment": "a\r\nb\rc\nd \ud800"}, "not_utf8"),
    ({"series": "C-1-uptime", "observed_on": "2022-02-01", "value": 1, "reference": "\0"}, "nul"),
    ({}, "one_form"),
]


@pytest.fixture
def send(login: Callable[[User], Client]) -> Callable[..., Any]:
    """Send rows as somebody."""

    def write(user: User, rows: object, query: str = "") -> Any:
        body = json.dumps({"measurements": rows})
        return login(user).post(f"{PATH}{query}", body, content_type="application/json")

    return write


def counts(answer: Any) -> tuple[int, int, int]:
    body = answer.json()
    return body["created"], body["replaced"], body["unchanged"]


def test_rows_are_created_replaced_or_left(cast: Cast, send: Callable[..., Any]) -> None:
    assert counts(send(cast.cio, GOOD)) == (5, 0, 0)
    assert counts(send(cast.cio, GOOD)) == (0, 0, 5)
    assert counts(send(cast.cio, [{**GOOD[0], "value": 98.25}, *GOOD[1:]])) == (0, 1, 4)
    assert [str(each.value) for each in Measurement.objects.order_by("observed_on")[:2]] == [
        "98.250000000",
        "99.500000000",
    ]


def test_a_comment_that_no_row_has_stays(cast: Cast, send: Callable[..., Any]) -> None:
    send(cast.cio, [{**GOOD[0], "comment": "Storm\nwarning"}])
    assert counts(send(cast.cio, GOOD[:1])) == (0, 0, 1)
    assert Measurement.objects.get().comment == "Storm\nwarning"


def test_all_or_none(cast: Cast, send: Callable[..., Any]) -> None:
    answer = send(cast.cio, [GOOD[0], *(row for row, _code in BAD), GOOD[1]])
    assert answer.status_code == 400
    found = [(error["field"], error["code"]) for error in answer.json()["errors"]]
    assert found == [(f"measurements.{index}", code) for index, (_row, code) in enumerate(BAD, start=1)]
    assert not Measurement.objects.exists()


def test_the_good_ones(cast: Cast, send: Callable[..., Any]) -> None:
    answer = send(cast.cio, [GOOD[0], *(row for row, _code in BAD), GOOD[1]], "?partial=true")
    assert counts(answer) == (2, 0, 0)
    found = [(row["index"], row["code"]) for row in answer.json()["refused"]]
    assert found == [(index, code) for index, (_row, code) in enumerate(BAD, start=1)]
    assert Measurement.objects.count() == 2


@pytest.mark.parametrize(
    ("rows", "query", "field"),
    [
        ([], "", "measurements"),
        ("text", "", "measurements"),
        ([1], "", "measurements.0"),
        ([{"nonsense": 1}], "", "measurements.0.nonsense"),
        ([{"value": [1]}], "", "measurements.0.value"),
        ([{}] * 10_001, "", "measurements"),
        (GOOD, "?partial=maybe", "partial"),
        (GOOD, "?nonsense=1", "nonsense"),
    ],
)
def test_what_has_another_shape(cast: Cast, send: Callable[..., Any], rows: object, query: str, field: str) -> None:
    answer = send(cast.cio, rows, query)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Measurement.objects.exists()


def test_who_may_send(cast: Cast, send: Callable[..., Any]) -> None:
    for role, status in (("agency_member", 403), ("vendor_member", 403), ("auditor", 403), ("msi_member", 200)):
        assert send(cast.by_role()[role], GOOD).status_code == status, role
    hidden = send(cast.msi_member, [{**GOOD[0], "series": "C-2-uptime"}])
    assert hidden.json()["errors"][0]["code"] == "unknown_series"
    theirs = send(cast.manager, [{**GOOD[0], "series": "C-2-uptime"}])
    assert theirs.json()["errors"][0]["code"] == "not_yours"


def test_ten_thousand_rows_at_once(cast: Cast, send: Callable[..., Any]) -> None:
    rows = [{**GOOD[0], "reference": f"sensor-{number:060}"} for number in range(10_000)]
    assert counts(send(cast.cio, rows)) == (10_000, 0, 0)
    assert Measurement.objects.count() == 10_000
