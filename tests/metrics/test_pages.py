"""Outcomes, indicators, targets and measurements in pages and forms."""

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from metrics.measurements.folding import fold_due
from metrics.models import Indicator, Measurement, MonthlyValue, Outcome, OutcomeSeries, Target
from metrics.outcomes.reading import refresh_outcome_readings
from tests.conftest import Cast, World

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]


@pytest.fixture
def outcome(world: World) -> Outcome:
    outcome = Outcome.objects.create(code="faster-permits", organization=world.health, name="Permits within a week")
    OutcomeSeries.objects.create(outcome=outcome, series=world.service_level.series)
    Measurement.objects.bulk_create(
        Measurement(series=world.service_level.series, observed_on=datetime.date(2020, month, 15), value=Decimal(96))
        for month in range(1, 13)
    )
    fold_due()
    refresh_outcome_readings()
    return outcome


def test_outcomes_are_listed_with_their_standing(cast: Cast, outcome: Outcome, login: Login) -> None:
    page = login(cast.agency_member).get(reverse("metrics:outcome_list")).content.decode()
    assert "Permits within a week" in page
    assert "On track" in page
    assert "80.0" in page


def test_outcomes_filter_by_status_and_forget_bad_months(cast: Cast, outcome: Outcome, login: Login) -> None:
    client = login(cast.cio)
    url = reverse("metrics:outcome_list")
    assert "Permits within" not in client.get(url, {"status": "off_track"}).content.decode()
    assert client.get(url, {"month": "nonsense"}).status_code == 404


def test_an_outcome_shows_baseline_target_and_latest(cast: Cast, outcome: Outcome, login: Login) -> None:
    page = login(cast.cio).get(outcome.get_absolute_url()).content.decode()
    assert "Indicator C-1-uptime" in page
    assert "90" in page
    assert "95" in page


def test_others_outcomes_do_not_exist_for_a_vendor(cast: Cast, outcome: Outcome, login: Login) -> None:
    assert login(cast.vendor_member).get(outcome.get_absolute_url()).status_code == 404


def test_indicators_and_methodologies_are_open_to_all(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.vendor_member)
    assert client.get(reverse("metrics:indicator_list")).status_code == 200
    page = client.get(reverse("metrics:indicator_detail", args=["C-1-uptime"])).content.decode()
    assert "C-2-uptime" not in page
    assert "Exceptional" in client.get(world.methodology.get_absolute_url()).content.decode()
    assert client.get(reverse("metrics:indicator_create")).status_code == 404


def test_a_series_measures_an_outcome_once(cast: Cast, outcome: Outcome, login: Login) -> None:
    measure = outcome.measures.get()
    address = reverse("metrics:measure_create", args=[outcome.code])
    page = login(cast.manager).post(address, {"series": measure.series_id, "weight": 1}).content.decode()
    assert "This series measures the outcome already." in page
    assert outcome.measures.count() == 1


def test_targets_out_of_order_or_twice_in_a_month_are_refused_in_words(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.manager)
    url = reverse("metrics:target_create", args=["C-1-uptime"])
    response = client.post(url, {"effective_from": "2021-01", "floor": 99, "target": 95})
    assert "The floor must be worse than the target" in response.content.decode()
    response = client.post(url, {"effective_from": "2020-01", "target": 95})
    assert "already has a target from that month" in response.content.decode()
    assert client.post(url, {"effective_from": "2021-01", "floor": 90, "target": 96}).status_code == 302
    assert Target.objects.filter(series__code="C-1-uptime", effective_from=datetime.date(2021, 1, 1)).exists()
    assert client.get(reverse("metrics:target_create", args=["C-2-uptime"])).status_code == 403
    response = client.post(
        reverse("metrics:target_create", args=["C-2-uptime"]), {"effective_from": "2021-01", "target": 9}
    )
    assert response.status_code == 403


def test_measurements_are_entered_by_managers_and_integrators(cast: Cast, world: World, login: Login) -> None:
    url = reverse("metrics:measurement_create", args=["C-1-uptime"])
    assert login(cast.msi_member).post(url, {"observed_on": "2020-02-01", "value": "97.5"}).status_code == 302
    measurement = Measurement.objects.get(series=world.service_level.series)
    assert measurement.value == Decimal("97.5")
    edit = reverse("metrics:measurement_update", args=[measurement.pk])
    response = login(cast.manager).post(edit, {"observed_on": "2020-02-01", "value": "98", "version": 1})
    assert response.status_code == 302
    event = measurement.events.get()
    assert event.value == Decimal("97.5")
    assert login(cast.agency_member).get(url).status_code == 404


def test_a_measurement_of_tomorrow_is_refused(cast: Cast, world: World, login: Login) -> None:
    url = reverse("metrics:measurement_create", args=["C-1-uptime"])
    response = login(cast.cio).post(url, {"observed_on": "2999-01-01", "value": "97.5"})
    assert "lies in the future" in response.content.decode()
    assert not Measurement.objects.exists()


def test_an_indicator_in_use_explains_what_is_fixed(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    url = reverse("metrics:indicator_update", args=["C-1-uptime"])
    form = client.get(url).context["form"]
    entered = {name: form[name].value() or "" for name in form.fields}
    response = client.post(url, {**entered, "direction": "lower"})
    assert "fixed once it was used" in response.content.decode()
    assert Indicator.objects.get(code="C-1-uptime").direction == "higher"


def test_measurements_are_excluded_and_admitted_again_with_a_reason(cast: Cast, world: World, login: Login) -> None:
    row = Measurement.objects.create(series=world.service_level.series, observed_on="2020-02-01", value=97)
    fold_due()
    exclude, readmit = (reverse(f"metrics:measurement_{verb}", args=[row.pk]) for verb in ("exclude", "readmit"))
    page = login(cast.msi_member).get(world.service_level.get_absolute_url()).content.decode()
    assert exclude in page
    assert readmit not in page
    assert login(cast.msi_member).post(exclude, {"reason": " "}).status_code == 200
    assert login(cast.agency_member).post(exclude, {"reason": "Not ours"}).status_code == 404
    response = login(cast.msi_member).post(exclude, {"reason": "The meter was broken"})
    assert response.url == world.service_level.get_absolute_url()
    row.refresh_from_db()
    assert (row.excluded_by, row.exclusion_reason) == (cast.msi_member, "The meter was broken")
    fold_due()
    assert not MonthlyValue.objects.exists()
    again = login(cast.manager).post(exclude, {"reason": "Another"}, follow=True).content.decode()
    assert "It is excluded already: The meter was broken" in again
    assert readmit in again
    assert login(cast.manager).post(readmit, {"reason": "The meter was right after all"}).status_code == 302
    row.refresh_from_db()
    assert (row.excluded_at, row.excluded_by, row.exclusion_reason) == (None, None, "")
    fold_due()
    assert MonthlyValue.objects.get().total == 97
    history = reverse("history:panel", args=["metrics", "measurement", row.pk])
    assert "reason: The meter was right after all" in login(cast.cio).get(history).content.decode()
