"""What a row says, and its ETag; a scorecard says what the arithmetic says."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.test import Client
from django.utils import timezone

from kernel.accounts.models import User
from kernel.directory.models import Organization
from metrics.measurements.folding import fold_due
from metrics.models import Measurement, Target
from tests.conftest import JANUARY, Cast, World, make_service_level
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Contract, Scorecard, Vendor
from vendors.scorecards.computing import compute_scorecards

APRIL = datetime.date(2020, 4, 1)
Get = Callable[..., Any]


def test_a_contract_in_full(cast: Cast, world: World, get: Get) -> None:
    assert get("contracts/C-1/", cast.vendor_member).json() == {
        "number": "C-1",
        "title": "Agreement C-1",
        "description": "",
        "vendor": {"code": "acme", "name": "Acme Cloud"},
        "agency": {"code": "health", "name": "Department of Health"},
        "kind": "contract",
        "category": "",
        "status": "active",
        "value": {"amount": "1000000.00", "currency": "USD"},
        "spent": None,
        "signed_on": None,
        "starts_on": "2019-01-01",
        "ends_on": None,
        "notice_period": None,
        "notice_unit": "months",
        "cancel_by": None,
        "renewal_months": None,
        "renewals_left": None,
        "renews_automatically": False,
        "criticality": 3,
        "holder": "cio_office",
        "version": 1,
        "amendments": [],
        "milestones": [],
    }


def test_what_became_of_a_contract(cast: Cast, world: World, get: Get) -> None:
    contract = world.contract
    contract.amendments.create(reference="1", signed_on=JANUARY, reason="More", value_change=-5, new_ends_on=APRIL)
    contract.milestones.create(reference="m", title="Half", due_on=APRIL, status="not_met")
    for reference, amount, currency in (("a", 100, "USD"), ("b", "-20.5", "USD"), ("c", 7, "EUR")):
        contract.payments.create(reference=reference, paid_on=JANUARY, amount=amount, currency=currency)
    contract.payments.create(reference="d", paid_on=timezone.localdate() + datetime.timedelta(days=2), amount=1)
    body = get("contracts/C-1/", cast.agency_member).json()
    assert body["spent"] == {"amount": "79.50", "currency": "USD"}
    assert body["amendments"] == [
        {
            "id": contract.amendments.get().pk,
            "contract": "C-1",
            "reference": "1",
            "signed_on": "2020-01-01",
            "description": "",
            "reason": "More",
            "value_change": "-5.00",
            "new_ends_on": "2020-04-01",
            "is_renewal": False,
            "targets": [],
            "version": 1,
        }
    ]
    assert body["milestones"][0]["status"] == "not_met"
    listed = get("contracts/?search=C-1", cast.agency_member).json()["results"]
    assert [row["spent"]["amount"] for row in listed] == ["79.50"]
    assert "amendments" not in listed[0]


def test_a_methodology_in_full(cast: Cast, world: World, get: Get) -> None:
    body = get("methodologies/default-1/", cast.outsider).json()
    assert body["weights"]["outcomes"] == "35.00"
    assert sum(Decimal(weight) for weight in body["weights"].values()) == 100
    assert body["bands"][0] == {"position": 1, "name": "Unsatisfactory", "lower_bound": "0.000000000"}


def test_a_row_is_sent_again_only_when_it_changed(cast: Cast, world: World, login: Callable[[User], Client]) -> None:
    client, path = login(cast.cio), "/api/v1/contracts/C-1/"
    first = client.get(path)
    assert first["ETag"].startswith('"1-')
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    Contract.objects.filter(number="C-1").update(title="Another title")
    changed = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"].startswith('"2-')
    Organization.objects.filter(code="acme").update(name="Acme Clouds")
    assert client.get(path, headers={"If-None-Match": changed["ETag"]}).status_code == 200
    stale = client.get(path, headers={"If-Match": first["ETag"]})
    assert (stale.status_code, stale["Content-Type"]) == (412, "application/problem+json")


def test_insufficient_evidence_is_a_grade_of_its_own(cast: Cast, world: World, get: Get) -> None:
    card = make_scorecard(world.acme, world.methodology, JANUARY, coverage="0.59", score=99, by=cast.cio)
    body = get(f"scorecards/{card.pk}/", cast.cio).json()
    assert (body["grade"], body["grade_position"]) == ("Insufficient evidence", None)
    assert (body["score"], body["coverage"], body["trend"]) == ("99.000000000", "0.590000000", None)


def test_a_computed_scorecard_says_what_the_arithmetic_says(cast: Cast, world: World, get: Get) -> None:
    """By hand, by the scoring method: two lines of one dimension, of which one has another target from May."""
    second = make_service_level(
        "C-1-speed", world.contract, direction="lower", weight=3, targets={JANUARY: (None, Decimal(10), None)}
    )
    series = world.service_level.series
    may = APRIL.replace(month=5)
    Target.objects.create(series=series, direction="higher", effective_from=may, target=98)
    for month, value in ((4, "92.5"), (5, "97"), (6, "99")):
        Measurement.objects.create(series=series, observed_on=datetime.date(2020, month, 9), value=Decimal(value))
        Measurement.objects.create(series=second.series, observed_on=datetime.date(2020, month, 9), value=9)
    Measurement.objects.create(series=second.series, observed_on=datetime.date(2020, 1, 9), value=11)
    fold_due()
    for start in (JANUARY, APRIL):
        compute_scorecards(
            period_start=start,
            months=3,
            methodology=world.methodology,
            vendors=Vendor.objects.filter(pk=world.acme.pk),
        )
    card = Scorecard.objects.get(period_start=APRIL)
    body = get(f"scorecards/{card.pk}/", cast.cio).json()
    fields = ("status", "revision", "score", "coverage", "grade", "grade_position", "trend", "digest")
    # 75 of three lines of weight 3, and 62.5 of one: May and June together, 98, meet their target of 98 exactly.
    assert {name: body[name] for name in fields} == {
        "status": "draft",
        "revision": 1,
        "score": "71.875000000",
        "coverage": "0.200000000",
        "grade": "Insufficient evidence",
        "grade_position": None,
        "trend": None,
        "digest": card.digest,
    }
    quality = next(row for row in body["dimensions"] if row["dimension"] == "service_quality")
    assert quality == {
        "dimension": "service_quality",
        "weight": "20.00",
        "score": "71.875000000",
        "coverage": "1.000000000",
    }
    speed, uptime = body["lines"]
    assert uptime == {
        "service_level": "C-1-uptime",
        "indicator": {"code": "C-1-uptime", "name": "Indicator C-1-uptime", "unit": "%"},
        "contract": "C-1",
        "dimension": "service_quality",
        "weight": "1.000",
        "criticality": 3,
        "value": "96.166666667",
        "attainment": "62.500000000",
        "coverage": "1.000000000",
        "contribution": "15.625000000",
        "months_with_data": 3,
        "months_expected": 3,
        "latest_month": "2020-06",
        "targets": [
            {
                "from": "2020-01",
                "floor": "90",
                "target": "95",
                "stretch": "100",
                "months": 1,
                "value": "92.5",
                "attainment": "37.5",
            },
            {
                "from": "2020-05",
                "floor": None,
                "target": "98",
                "stretch": None,
                "months": 2,
                "value": "98",
                "attainment": "75",
            },
        ],
    }
    assert (speed["attainment"], speed["contribution"]) == ("75.000000000", "56.250000000")
    assert sum(Decimal(line["contribution"]) for line in body["lines"]) == Decimal(body["score"])
    listed = get("scorecards/", cast.cio, vendor="acme", period_start="2020-04", months=3).json()["results"]
    assert listed == [{name: body[name] for name in listed[0]}]
