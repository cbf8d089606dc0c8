"""Lists: natural keys, filters, order, pages; a parameter that cannot be followed is an error, never ignored."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from brm_portal.api import VIEWSETS
from kernel.directory.models import Organization
from metrics.models import Measurement, MonthlyValue, Outcome, OutcomeReading, OutcomeSeries
from tests.conftest import JANUARY, Cast, World, make_agency, make_contract, make_vendor
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Contract, Vendor

JULY = datetime.date(2020, 7, 1)
Get = Callable[..., Any]


def found(answer: Any, name: str = "code") -> list[Any]:
    assert answer.status_code == 200, answer.content
    return [row[name] for row in answer.json()["results"]]


def test_codes_may_hold_dots_and_numbers_slashes(cast: Cast, world: World, get: Get) -> None:
    Organization.objects.filter(code="acme").update(code="acme.cloud_2-a")
    Contract.objects.filter(number="C-1").update(number="2020/A 17/c")
    assert get("vendors/acme.cloud_2-a/", cast.cio).json()["name"] == "Acme Cloud"
    assert get("contracts/2020%2FA%2017%2Fc/", cast.cio).json()["number"] == "2020/A 17/c"


def test_scorecards_of_a_vendor_and_period(cast: Cast, world: World, get: Get) -> None:
    card = make_scorecard(world.acme, world.methodology, JULY, 12, by=cast.cio)
    make_scorecard(world.acme, world.methodology, JULY, 3, by=cast.cio)
    make_scorecard(world.acme, world.methodology, JANUARY, 12, by=cast.cio)
    make_scorecard(world.rival, world.methodology, JULY, 12, by=cast.cio)
    answer = get("scorecards/", cast.cio, vendor="acme", period_start="2020-07", months=12)
    assert found(answer, "id") == [card.pk]
    assert answer.json()["results"][0]["period_start"] == "2020-07"


def test_scorecards_by_grade_status_and_revision(cast: Cast, world: World, get: Get) -> None:
    old = make_scorecard(world.acme, world.methodology, JULY, score=40, by=cast.cio, superseded_at=None)
    type(old).objects.filter(pk=old.pk).update(superseded_at="2024-01-01T00:00:00Z")
    new = make_scorecard(world.acme, world.methodology, JULY, score=80, by=cast.cio, revision=2)
    thin = make_scorecard(world.rival, world.methodology, JULY, coverage="0.1")
    expected: dict[tuple[str, object], list[int]] = {
        ("current", "true"): [new.pk],
        ("current", "false"): [old.pk, thin.pk],
        ("grade", "Satisfactory"): [new.pk],
        ("grade", "Insufficient evidence"): [thin.pk],
        ("status", "draft"): [thin.pk],
        ("methodology", "default-1"): [old.pk, new.pk, thin.pk],
        ("search", "riv SYS"): [thin.pk],
    }
    for (name, value), keys in expected.items():
        assert sorted(found(get("scorecards/", cast.cio, **{name: value}), "id")) == keys, name


def test_filters_of_the_other_resources(cast: Cast, world: World, get: Get) -> None:
    make_agency("bureau", "Bureau", parent=world.health)
    make_contract("C-3", world.acme, world.parks, ends_on=datetime.date(2020, 1, 1), criticality=5)
    Vendor.objects.filter(pk=world.rival.pk).update(segment="strategic")
    expected: dict[tuple[str, str, object], list[str]] = {
        ("agencies", "parent", "health"): ["bureau"],
        ("agencies", "search", "PARK"): ["parks"],
        ("vendors", "segment", "strategic"): ["rival"],
        ("vendors", "agency", "health"): ["acme"],
        ("vendors", "kind", "internal"): [],
        ("contracts", "vendor", "acme"): ["C-1", "C-3"],
        ("contracts", "agency", "parks"): ["C-2", "C-3"],
        ("contracts", "in_force", "false"): ["C-3"],
        ("contracts", "criticality", 5): ["C-3"],
        ("contracts", "holder", "agency"): ["C-2"],
        ("services", "provider", "acme"): ["hosting"],
        ("service-levels", "vendor", "rival"): ["C-2-uptime"],
        ("service-levels", "contract", "C-1"): ["C-1-uptime"],
        ("service-levels", "service", "hosting"): ["C-1-uptime"],
        ("service-levels", "indicator", "C-2-uptime"): ["C-2-uptime"],
        ("service-levels", "in_force_in", "2019-12"): [],
        ("indicators", "search", "c-1"): ["C-1-uptime"],
        ("series", "provider", "acme"): ["C-1-uptime"],
    }
    for (resource, name, value), keys in expected.items():
        answer = get(f"{resource}/", cast.cio, **{name: value})
        assert found(answer, "number" if resource == "contracts" else "code") == keys, (resource, name)


def test_targets_and_measurements_of_a_series(cast: Cast, world: World, get: Get) -> None:
    series = world.service_level.series
    for day, reference in ((1, "b"), (1, "a"), (9, "")):
        Measurement.objects.create(series=series, observed_on=JULY.replace(day=day), reference=reference, value=1)
    Measurement.objects.create(series=world.other_service_level.series, observed_on=JULY, value=1)
    get_mine = get("measurements/", cast.cio, series="C-1-uptime", observed_to="2020-07-08")
    assert found(get_mine, "reference") == ["a", "b"]
    assert found(get("targets/", cast.cio, series="C-1-uptime"), "target") == ["95.000000000"]
    assert found(get("targets/", cast.cio, series="C-1-uptime", effective_from="2020-02"), "target") == []


def test_outcomes_by_their_standing(cast: Cast, world: World, get: Get) -> None:
    outcome = Outcome.objects.create(code="fewer-queues", name="Fewer queues", organization=world.health)
    Outcome.objects.create(code="unmeasured", name="Unmeasured", organization=world.health)
    series = world.service_level.series
    OutcomeSeries.objects.create(outcome=outcome, series=series, weight=2)
    MonthlyValue.objects.create(series=series, month=JULY, n=1, total=96)
    OutcomeReading.objects.create(outcome=outcome, month=JULY, attainment=80, coverage=1, status="on_track")
    answer = get("outcomes/", cast.cio, status="on_track")
    assert found(answer) == ["fewer-queues"]
    row = answer.json()["results"][0]
    assert (row["month"], row["attainment"], row["coverage"]) == ("2020-07", "80.000000000", "1.000000000")
    assert row["series"] == [{"code": "C-1-uptime", "weight": "2.000"}]
    assert found(get("outcomes/", cast.cio, status="no_data")) == ["unmeasured"]


@pytest.mark.parametrize(
    ("path", "query", "field", "expected"),
    [
        ("scorecards", {"vendor": "unheard-of"}, "vendor", "the code of something that exists and that you may see"),
        ("scorecards", {"period_start": "July"}, "period_start", "a month such as 2020-07"),
        ("scorecards", {"period_start": "2020-07-15"}, "period_start", "a month such as 2020-07"),
        ("scorecards", {"months": "12.5"}, "months", "a whole number from 1 to 120"),
        ("scorecards", {"months": 0}, "months", "a whole number from 1 to 120"),
        ("scorecards", {"status": "open"}, "status", "one of: draft, in_review, published"),
        ("scorecards", {"current": "maybe"}, "current", "true or false"),
        ("scorecards", {"grade": "A+"}, "grade", "one of: Exceptional, "),
        ("scorecards", {"vendr": "acme"}, "vendr", "one of: after, current, grade, "),
        ("scorecards", {"vendor": ["acme", "rival"]}, "vendor", "one value"),
        ("scorecards", {"vendor": ""}, "vendor", "a value"),
        ("scorecards", {"ordering": "digest"}, "ordering", "one of: period_start, "),
        ("scorecards", {"ordering": "score,,"}, "ordering", "one of: period_start, "),
        ("vendors", {"page": "x"}, "page", "a whole number from 1"),
        ("vendors", {"page": "0"}, "page", "a whole number from 1"),
        ("scorecards", {"page_size": "501"}, "page_size", "a whole number from 1 to 500"),
        ("scorecards", {"search": "a\x00b"}, "search", "text"),
        ("vendors", {"kind": "friend"}, "kind", "one of: private_partner, "),
        ("measurements", {"observed_from": "yesterday"}, "observed_from", "a day such as 2020-07-31"),
        ("measurements", {"series": "C-0"}, "series", "the code of something that exists and that you may see"),
        ("contracts", {"criticality": "2.5"}, "criticality", "a whole number from 1 to 5"),
    ],
)
def test_what_cannot_be_followed_is_named(
    cast: Cast, get: Get, path: str, query: dict[str, object], field: str, expected: str
) -> None:
    answer = get(f"{path}/", cast.cio, **query)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert error["expected"].startswith(expected)
    assert error["message"]


def test_several_errors_come_at_once(cast: Cast, get: Get) -> None:
    answer = get("scorecards/", cast.cio, months="x", status="y", nonsense="z")
    assert {error["field"] for error in answer.json()["errors"]} == {"months", "status", "nonsense"}


def test_an_invisible_key_in_a_filter_answers_like_an_unknown_one(cast: Cast, world: World, get: Get) -> None:
    def refusal(code: str) -> Any:
        answer = get("scorecards/", cast.agency_member, vendor=code)
        return answer.status_code, answer.content

    assert refusal("rival") == refusal("unheard-of")
    assert get("measurements/", cast.agency_member, series="C-2-uptime").status_code == 400


def test_order_and_pages(cast: Cast, world: World, get: Get) -> None:
    for name in ("beta", "Alpha", "gamma"):
        make_vendor(name.lower(), name)
    names = ["Acme Cloud", "Alpha", "beta", "gamma", "Nobody Inc", "Rival Systems"]
    assert found(get("vendors/", cast.cio), "name") == names
    assert found(get("vendors/", cast.cio, ordering="-name"), "name") == names[::-1]
    first = get("vendors/", cast.cio, ordering="-name", page_size=4).json()
    assert (first["count"], first["previous"]) == (6, None)
    second = get("vendors/", cast.cio, ordering="-name", page_size=4, page=2).json()
    assert first["next"].endswith("/api/v1/vendors/?ordering=-name&page=2&page_size=4")
    assert [row["name"] for row in second["results"]] == names[:2][::-1]
    assert second["next"] is None
    assert get("vendors/", cast.cio, page=7).status_code == 404


def test_every_declared_order_works(cast: Cast, world: World, get: Get) -> None:
    for viewset in VIEWSETS:
        for name in viewset.ordering_fields:
            assert get(f"{viewset.resource}/", cast.cio, ordering=f"-{name}").status_code == 200, name
