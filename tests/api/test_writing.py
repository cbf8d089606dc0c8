"""Writing over the API: the same rules as in pages, errors by field, nothing half-written, no lost update."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kernel.accounts.models import User
from kernel.directory.models import Contact, Organization
from metrics.models import (
    Dimension,
    Measurement,
    Methodology,
    Outcome,
    OutcomeSeries,
    Series,
    Target,
)
from tests.api.keys import VIEWSET, key_field
from tests.api.test_permissions import bearer
from tests.conftest import JANUARY, Cast, World, make_service_level
from tests.resources import BY_NAME
from tests.resources.metrics import edition
from vendors.models import (
    AmendedTarget,
    Contract,
    Integration,
    Service,
    Subscription,
)

Send = Callable[..., Any]
# What creates a row of each resource that is written.
BODIES: dict[str, Any] = {name: entry.body for name, entry in BY_NAME.items() if entry.changes}
INDICATOR = BODIES["indicators"]
LEVEL = {name: value for name, value in BODIES["service-levels"].items() if name != "target"}


@pytest.fixture
def send(login: Callable[[User], Client]) -> Send:
    """Write as somebody: `send("post", "vendors/", cast.cio, {...})`; a change is of the latest version."""

    def write(method: str, path: str, user: User, body: object, **headers: str) -> Any:
        client = login(user)
        if method == "patch" and "if_match" not in headers:
            headers["if_match"] = client.get(f"/api/v1/{path}").headers.get("ETag", "*")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        text = body if isinstance(body, str) else json.dumps(body)
        return getattr(client, method)(f"/api/v1/{path}", text, content_type="application/json", headers=named)

    return write


def fields(answer: Any) -> set[str]:
    """The fields that a refusal names."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    return {error["field"] for error in answer.json().get("errors", [])}


SHARE = {"series": "share", "observed_on": "2022-01-01"}


@pytest.fixture(autouse=True)
def more(world: World) -> dict[str, Any]:
    """More rows to refer to, and the keys of those that have no code."""
    make_service_level("share", world.contract, aggregation="ratio")
    Service.objects.create(code="mowing", name="Mowing", provider=world.rival)
    Outcome.objects.create(code="queues", name="Fewer queues", organization=world.health)
    outcome = Outcome.objects.create(code="permits", name="Permits in time", organization=world.health)
    return {
        "contact": Contact.objects.create(organization=world.health, name="Ada").pk,
        "subscription": Subscription.objects.get().pk,
        "integration": Integration.objects.get().pk,
        "measure": OutcomeSeries.objects.create(outcome=outcome, series=world.service_level.series).pk,
    }


@pytest.mark.parametrize("resource", BODIES)
def test_rows_are_created_and_changed(cast: Cast, send: Send, get: Callable[..., Any], resource: str) -> None:
    body, change = BODIES[resource], BY_NAME[resource].change
    created = send("post", f"{resource}/", cast.cio, body)
    assert created.status_code == 201, created.content
    key = created.json()[key_field(VIEWSET[resource])]
    read = get(f"{resource}/{key}/", cast.cio)
    assert read.json() == created.json()
    assert read.headers["ETag"] == created.headers["ETag"]
    assert created.headers["Location"].endswith(f"/api/v1/{resource}/{key}/")
    changed = send("patch", f"{resource}/{key}/", cast.cio, change)
    assert changed.status_code == 200, changed.content
    assert get(f"{resource}/{key}/", cast.cio).json() == changed.json() != created.json()
    assert changed.headers["ETag"] != created.headers["ETag"]
    late = send("patch", f"{resource}/{key}/", cast.cio, change, if_match=created.headers["ETag"])
    assert late.status_code == 412
    assert get(f"{resource}/{key}/", cast.cio).headers["ETag"] == changed.headers["ETag"]
    knowingly = send("patch", f"{resource}/{key}/", cast.cio, change, if_match="*")
    assert knowingly.status_code == 200


def test_a_service_level_comes_with_series_and_target(cast: Cast, send: Send) -> None:
    assert send("post", "service-levels/", cast.cio, BODIES["service-levels"]).status_code == 201
    series = Series.objects.get(code="C-1-waiting")
    assert (series.agency.code, series.provider and series.provider.code) == ("health", "acme")
    assert series.targets.get().stretch == 99


def test_an_organization_that_is_there_becomes_a_vendor_too(cast: Cast, send: Send) -> None:
    body = {"code": "health", "name": "Health", "kind": "internal"}
    assert send("post", "vendors/", cast.cio, body).status_code == 201
    assert fields(send("post", "vendors/", cast.cio, body)) == {"code"}
    assert Organization.objects.filter(code="health").count() == 1


REFUSED: list[tuple[str, dict[str, Any] | str, set[str]]] = [
    ("vendors/", {}, {"code", "name", "kind"}),
    ("vendors/", {"code": "a b", "name": "x", "kind": "internal"}, {"code"}),
    ("vendors/", {"code": "acme", "name": "x", "kind": "internal"}, {"code"}),
    ("vendors/", {"code": "n", "name": "x", "kind": "nonsense"}, {"kind"}),
    ("vendors/", {"code": "n", "name": "x", "kind": "internal", "parent": "unheard-of"}, {"parent"}),
    ("vendors/", {"code": "n", "name": "x", "kind": "internal", "nonsense": 1}, {"nonsense"}),
    ("vendors/", {"code": "n\0", "name": "x", "kind": "internal"}, {"code"}),
    ("vendors/", "[]", {""}),
    ("vendors/", "{", set()),
    ("vendors/", '"\\ud800"', {""}),
    ("vendors/", '{"code": "n", "name": "x", "kind": "\\ud800", "a\\ud800": 1}', {"kind"}),
    ("vendors/", '{"code": "n", "name": "x", "kind": "internal", "a\\ud800": 1}', {"a?"}),
    ("vendors/", "[" * 100_000, set()),
    ("indicators/", {**INDICATOR, "code": "C-1-uptime"}, {"code"}),
    ("indicators/", {**INDICATOR, "retired_on": "yesterday"}, {"retired_on"}),
    ("service-levels/", {**LEVEL, "code": "C-1-uptime"}, {"code"}),
    ("service-levels/", {**LEVEL, "weight": "0"}, {""}),
    ("service-levels/", {**LEVEL, "last_month": "2020-06"}, {""}),
    ("service-levels/", {**LEVEL, "first_month": "2020-07-02"}, {"first_month"}),
    ("service-levels/", {**LEVEL, "contract": ["C-1"]}, {"contract"}),
    ("service-levels/", {**LEVEL, "target": {"effective_from": "2020-07", "target": "5", "floor": "9"}}, {"target"}),
    ("service-levels/", {**LEVEL, "target": {"target": "5"}}, {"target.effective_from"}),
    ("contracts/", {**BODIES["contracts"], "value": {"amount": "-1", "currency": "USD"}}, {"value"}),
    ("contracts/", {**BODIES["contracts"], "value": {"amount": "1", "currency": "usd"}}, {"currency"}),
    ("contracts/", {**BODIES["contracts"], "ends_on": "2019-01-01"}, {""}),
    ("contracts/", {**BODIES["contracts"], "criticality": 6}, {"criticality"}),
    ("services/", {"code": "s", "name": "x", "provider": "rival", "contract": "C-1"}, {"contract"}),
    ("targets/", {"series": "C-1-uptime", "effective_from": "2022-01", "target": "9", "floor": "10"}, {""}),
    ("targets/", {"series": "unheard-of", "effective_from": "2022-01", "target": "9"}, {"series"}),
    ("measurements/", {"series": "C-1-uptime", "observed_on": "2999-01-01", "value": "1"}, {"observed_on"}),
    ("measurements/", {"series": "C-1-uptime", "observed_on": "2022-01-01", "value": "NaN"}, {"value"}),
    ("measurements/", {"series": "C-1-uptime", "observed_on": "2022-01-01"}, {""}),
    ("measurements/", {"series": "C-1-uptime", "observed_on": "2022-01-01", "numerator": "1"}, {"numerator"}),
    ("measurements/", {"series": "share", "observed_on": "2022-01-01", "value": "1"}, {"value"}),
    ("measurements/", {**SHARE, "numerator": "1", "denominator": "0"}, {"denominator"}),
    ("measurements/", {**SHARE, "numerator": "1", "denominator": "-1"}, {""}),
    ("outcomes/", {"code": "o", "name": "x", "agency": "acme"}, {"agency"}),
    ("outcome-measures/", {"outcome": "queues", "series": "C-2-uptime"}, {"series"}),
    ("outcome-measures/", {"outcome": "unheard-of", "series": "C-1-uptime"}, {"outcome"}),
    ("outcome-measures/", {"outcome": "queues", "series": "C-1-uptime", "weight": "0"}, {""}),
    ("outcome-measures/", {"outcome": "permits", "series": "C-1-uptime"}, {""}),
    ("amendments/", {**BODIES["amendments"], "contract": "unheard-of"}, {"contract"}),
    ("amendments/", {**BODIES["amendments"], "reason": ""}, {"reason"}),
    ("amendments/", {**BODIES["amendments"], "new_ends_on": "2001-01-01"}, {"new_ends_on"}),
    ("amendments/", {**BODIES["amendments"], "contract": "C-2"}, {"targets"}),
    ("amendments/", {**BODIES["amendments"], "is_renewal": True}, {"is_renewal"}),
    ("amendments/", {"contract": "C-1", "reference": "A", "value_change": "x"}, {"value_change"}),
    ("milestones/", {"contract": "C-1", "reference": "M"}, {"title"}),
    ("milestones/", {"contract": "C-1", "reference": "M", "title": "M", "status": "done"}, {"status"}),
    ("payments/", {"contract": "C-1", "reference": "P", "paid_on": "2022-01-31"}, {"amount"}),
    ("payments/", {**BODIES["payments"], "payee": "unheard-of"}, {"payee"}),
    ("service-level-templates/", {**BODIES["service-level-templates"], "floor": "99"}, {"target"}),
    ("contacts/", {"organization": "health"}, {"name"}),
    ("contacts/", {"organization": "unheard-of", "name": "Ida"}, {"organization"}),
    ("contacts/", {"organization": "health", "name": "Ida", "email": "ida"}, {"email"}),
    ("subscriptions/", {"agency": "health", "service": "hosting", "starts_on": "2020-01-01"}, {""}),
    ("subscriptions/", {**BODIES["subscriptions"], "ends_on": "2019-12-31"}, {""}),
    ("subscriptions/", {**BODIES["subscriptions"], "service": None}, {"service"}),
    ("integrations/", {**BODIES["integrations"], "supplier": "rival"}, {"service"}),
    ("integrations/", {**BODIES["integrations"], "ends_on": "2019-12-31"}, {""}),
    ("integrations/", {**BODIES["integrations"], "supplier": "health"}, {"supplier"}),
    ("methodologies/", edition(code="default-1"), {"code"}),
    ("methodologies/", edition(weights={"outcomes": "100"}), {f"weights.{each}" for each in Dimension.values[1:]}),
    ("methodologies/", edition(weights={**edition()["weights"], "outcomes": "49"}), {""}),
    ("methodologies/", edition(weights={**edition()["weights"], "outcomes": "40", "cost": "20"}), {""}),
    ("methodologies/", edition(weights={**edition()["weights"], "nonsense": "0"}), {"weights.nonsense"}),
    ("methodologies/", edition(score_at_target="0"), {""}),
    ("methodologies/", edition(minimum_coverage="1.1"), {""}),
    ("methodologies/", edition(bands=[]), {"bands"}),
    ("methodologies/", edition(bands=[{"name": "Fail", "lower_bound": "5"}]), {"bands"}),
    ("methodologies/", edition(bands=[*edition()["bands"], {"name": "Fail", "lower_bound": "90"}]), {"bands"}),
    ("methodologies/", edition(bands=edition()["bands"][::-1]), {"bands"}),
    ("methodologies/", edition(bands=[{"name": "Fail", "lower_bound": "0", "position": 2}]), {"bands"}),
    ("methodologies/", edition(is_default=True), {"is_default"}),
]


def counted() -> list[int]:
    models = {Organization, AmendedTarget, *(entry.model for entry in BY_NAME.values())}
    return [model._default_manager.count() for model in models]


def test_what_is_wrong_is_named_and_nothing_is_written(cast: Cast, send: Send, subtests: pytest.Subtests) -> None:
    before = counted()
    for path, body, expected in REFUSED:
        with subtests.test(path=path, body=f"{body!s:.300}"):
            answer = send("post", path, cast.cio, body)
            assert answer.status_code == 400, answer.content
            assert fields(answer) == expected, answer.content
    assert counted() == before


def test_the_same_measurement_twice_is_refused(cast: Cast, send: Send) -> None:
    body = BODIES["measurements"]
    assert send("post", "measurements/", cast.cio, body).status_code == 201
    assert send("post", "measurements/", cast.cio, body).status_code == 400
    assert Measurement.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("vendors/acme/", {"code": "other"}),
        ("service-levels/C-1-uptime/", {"code": "other"}),
        ("service-levels/C-1-uptime/", {"contract": "C-2"}),
        ("service-levels/C-1-uptime/", {"target": {"effective_from": "2024-01", "target": "3"}}),
        ("indicators/C-1-uptime/", {"code": "other"}),
        ("indicators/C-1-uptime/", {"direction": "lower"}),
        ("contracts/C-1/", {"vendor": "rival"}),
        ("contacts/{contact}/", {"organization": "parks"}),
        ("subscriptions/{subscription}/", {"service": "mowing"}),
        ("integrations/{integration}/", {"supplier": "rival"}),
        ("outcome-measures/{measure}/", {"outcome": "queues"}),
        ("methodologies/default-1/", {"code": "other"}),
    ],
)
def test_what_is_fixed_stays(cast: Cast, send: Send, more: dict[str, Any], path: str, change: dict[str, Any]) -> None:
    answer = send("patch", path.format(**more), cast.cio, change)
    assert answer.status_code == 400, answer.content
    assert fields(answer) in ({next(iter(change))}, {""})


def test_a_methodology_that_was_used_stays(cast: Cast, world: World, send: Send) -> None:
    assert send("patch", "methodologies/default-1/", cast.cio, {"minimum_coverage": "0.5"}).status_code == 200
    Methodology.objects.update(first_used_at=timezone.now())
    answer = send("patch", "methodologies/default-1/", cast.cio, {"minimum_coverage": "0.4"})
    assert (answer.status_code, fields(answer)) == (400, {""})
    assert "was used does not change" in answer.content.decode()


def test_an_edition_is_numbered_by_its_name(cast: Cast, send: Send) -> None:
    assert send("post", "methodologies/", cast.cio, edition()).json()["edition"] == 1
    assert send("post", "methodologies/", cast.cio, edition(code="letters-2")).json()["edition"] == 2
    renamed = send("patch", "methodologies/letters-2/", cast.cio, {"name": "Others"}).json()
    assert (renamed["edition"], len(renamed["bands"])) == (1, 2)


def test_what_is_fixed_may_be_said_again(cast: Cast, send: Send) -> None:
    for path, change in (
        ("vendors/acme/", {"code": "acme"}),
        ("service-levels/C-1-uptime/", {"code": "C-1-uptime", "contract": "C-1", "indicator": "C-1-uptime"}),
    ):
        assert send("patch", path, cast.cio, change).status_code == 200


def test_a_change_says_of_which_version(cast: Cast, send: Send, get: Callable[..., Any]) -> None:
    assert send("patch", "vendors/acme/", cast.cio, {"name": "x"}, if_match="").status_code == 428
    assert send("patch", "vendors/acme/", cast.cio, {"name": "x"}, if_match="nonsense").status_code == 412
    tag = get("vendors/acme/", cast.cio).headers["ETag"]
    Organization.objects.filter(code="acme").update(name="Acme renamed")
    assert send("patch", "vendors/acme/", cast.cio, {"name": "x"}, if_match=tag).status_code == 412
    assert Organization.objects.get(code="acme").name == "Acme renamed"


WHO = [
    ("manager", "patch", "vendors/acme/", {"name": "x"}, 200),
    ("manager", "patch", "vendors/rival/", {"name": "x"}, 403),
    ("manager", "post", "indicators/", INDICATOR, 403),
    ("manager", "post", "targets/", BODIES["targets"], 201),
    ("manager", "post", "targets/", {**BODIES["targets"], "series": "C-2-uptime"}, 403),
    ("manager", "post", "service-levels/", {**LEVEL, "contract": "C-2"}, 403),
    ("auditor", "patch", "vendors/acme/", {"name": "x"}, 403),
    ("agency_member", "post", "vendors/", BODIES["vendors"], 403),
    ("agency_member", "patch", "vendors/acme/", {"name": "x"}, 403),
    ("agency_member", "patch", "vendors/rival/", {"name": "x"}, 404),
    ("vendor_member", "patch", "vendors/acme/", {"name": "x"}, 403),
    ("outsider", "patch", "vendors/acme/", {"name": "x"}, 404),
    ("msi_member", "post", "measurements/", BODIES["measurements"], 201),
    ("msi_member", "post", "targets/", BODIES["targets"], 403),
    ("agency_member", "post", "contacts/", BODIES["contacts"], 201),
    ("agency_member", "post", "contacts/", {**BODIES["contacts"], "organization": "parks"}, 400),
    ("agency_member", "patch", "contacts/{contact}/", {"name": "x"}, 200),
    ("manager", "post", "contacts/", {**BODIES["contacts"], "organization": "parks"}, 403),
    ("vendor_member", "post", "contacts/", {**BODIES["contacts"], "organization": "acme"}, 403),
    ("manager", "post", "amendments/", BODIES["amendments"], 201),
    ("manager", "post", "amendments/", {"contract": "C-2", "reference": "A"}, 403),
    ("manager", "post", "payments/", BODIES["payments"], 201),
    ("manager", "post", "payments/", {**BODIES["payments"], "contract": "C-2", "payee": None}, 403),
    ("agency_member", "post", "amendments/", BODIES["amendments"], 403),
    ("vendor_member", "post", "milestones/", BODIES["milestones"], 403),
    ("manager", "post", "service-level-templates/", BODIES["service-level-templates"], 403),
    ("manager", "post", "subscriptions/", BODIES["subscriptions"], 201),
    ("manager", "post", "subscriptions/", {**BODIES["subscriptions"], "service": "mowing"}, 403),
    ("agency_member", "post", "subscriptions/", BODIES["subscriptions"], 403),
    ("agency_member", "patch", "subscriptions/{subscription}/", {"ends_on": None}, 403),
    ("msi_member", "patch", "subscriptions/{subscription}/", {"ends_on": None}, 404),
    ("manager", "patch", "integrations/{integration}/", {"ends_on": None}, 200),
    ("manager", "post", "integrations/", {**BODIES["integrations"], "supplier": "rival", "service": None}, 403),
    ("msi_member", "patch", "integrations/{integration}/", {"ends_on": None}, 403),
    ("agency_member", "patch", "integrations/{integration}/", {"ends_on": None}, 404),
    ("manager", "post", "outcome-measures/", BODIES["outcome-measures"], 201),
    ("agency_member", "patch", "outcome-measures/{measure}/", {"weight": 2}, 403),
    ("vendor_member", "patch", "outcome-measures/{measure}/", {"weight": 2}, 404),
]


@pytest.mark.parametrize(("role", "method", "path", "body", "status"), WHO)
def test_who_may_write_what(
    cast: Cast, send: Send, more: dict[str, Any], role: str, method: str, path: str, body: dict[str, Any], status: int
) -> None:
    before = counted()
    headers = {"if_match": "*"} if method == "patch" else {}
    answer = send(method, path.format(**more), cast.by_role()[role], body, **headers)
    assert answer.status_code == status, answer.content
    assert status == 201 or counted() == before


def test_out_of_sight_answers_like_unknown(cast: Cast, world: World, send: Send) -> None:
    body = BODIES["measurements"]
    hidden = send("post", "measurements/", cast.msi_member, {**body, "series": world.other_service_level.code})
    unknown = send("post", "measurements/", cast.msi_member, {**body, "series": "unheard-of"})
    assert (hidden.status_code, hidden.content) == (400, unknown.content)
    contact = BODIES["contacts"]
    hidden = send("post", "contacts/", cast.agency_member, {**contact, "organization": "parks"})
    unknown = send("post", "contacts/", cast.agency_member, {**contact, "organization": "unheard-of"})
    assert (hidden.status_code, hidden.content) == (400, unknown.content)


def test_tokens_write_what_their_scopes_name(cast: Cast, client: Client) -> None:
    body = json.dumps(BODIES["vendors"])
    for scope, status in (("vendors:read", 403), ("contracts:write", 403), ("vendors:write", 201)):
        answer = client.post("/api/v1/vendors/", body, content_type="application/json", headers=bearer(cast.cio, scope))
        assert answer.status_code == status, scope


def test_a_body_is_bounded(cast: Cast, send: Send) -> None:
    assert send("post", "vendors/", cast.cio, {"code": "x" * 1_000_001}).status_code == 413


def test_a_change_takes_the_same_queries_whatever_there_is(cast: Cast, world: World, login: Any) -> None:
    client = login(cast.cio)
    series = world.service_level.series
    row = Measurement.objects.create(series=series, observed_on=JANUARY, value=1)
    counts = []
    for value in ("2", "3", "4"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.patch(
                f"/api/v1/measurements/{row.pk}/",
                {"value": value},
                content_type="application/json",
                headers={"If-Match": "*"},
            )
        assert answer.status_code == 200
        assert len([query for query in queries if "FOR UPDATE" in query["sql"]]) == 1
        counts.append(len(queries))
        for day in range(2, 29):
            Measurement.objects.get_or_create(
                series=series, observed_on=JANUARY.replace(day=day), defaults={"value": 1}
            )
    assert counts[1] == counts[2]


def test_an_amendment_changes_the_contract_and_its_targets(
    cast: Cast, world: World, send: Send, get: Callable[..., Any]
) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(value=1000)
    created = send("post", "amendments/", cast.cio, BODIES["amendments"])
    assert [each["target"] for each in created.json()["targets"]] == ["98.000000000"]
    contract = get("contracts/C-1/", cast.cio).json()
    assert (contract["value"]["amount"], contract["ends_on"]) == ("1250.00", "2031-12-31")
    assert Target.objects.filter(series=world.service_level.series, reason="Evolution").count() == 1
    changed = send("patch", f"amendments/{created.json()['id']}/", cast.cio, {"value_change": "-2000"})
    assert (changed.status_code, fields(changed)) == (400, {"value_change"})
    too_much = send("patch", f"amendments/{created.json()['id']}/", cast.cio, {"value_change": "9" * 16})
    assert (too_much.status_code, fields(too_much)) == (400, {"value_change"})
    assert Contract.objects.get(pk=world.contract.pk).value == 1250
