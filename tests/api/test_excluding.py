"""Excluding measurements and admitting them again over the API: for a reason, by the state of the row."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kernel.accounts.models import User
from metrics.measurements.folding import fold_due
from metrics.models import Measurement
from tests.api.test_permissions import bearer
from tests.conftest import JANUARY, Cast, World

Act = Callable[..., Any]
BROKEN = {"reason": "Meter broken."}


@pytest.fixture
def row(world: World) -> Measurement:
    """A measurement that takes part."""
    return Measurement.objects.create(series=world.service_level.series, observed_on=JANUARY, value=96)


@pytest.fixture
def act(login: Callable[[User], Client]) -> Act:
    """Exclude a measurement or admit it again as somebody."""

    def send(user: User, row: Measurement, action: str, body: object = BROKEN) -> Any:
        return login(user).post(f"/api/v1/measurements/{row.pk}/{action}/", body, content_type="application/json")

    return send


def test_a_measurement_is_excluded_and_admitted_again(
    cast: Cast, row: Measurement, act: Act, get: Callable[..., Any]
) -> None:
    fold_due()
    excluded = act(cast.msi_member, row, "exclude")
    assert excluded.status_code == 200, excluded.content
    read = get(f"measurements/{row.pk}/", cast.msi_member)
    assert (excluded.json(), excluded["ETag"]) == (read.json(), read["ETag"])
    assert (read.json()["exclusion_reason"], read.json()["version"]) == ("Meter broken.", 2)
    row.refresh_from_db()
    assert row.excluded_by == cast.msi_member
    assert fold_due() == 1
    again = act(cast.manager, row, "readmit", {"reason": "It was not."})
    assert again.json() == {**read.json(), "excluded_at": None, "exclusion_reason": "", "version": 3}
    assert fold_due() == 1


def test_the_state_decides(cast: Cast, row: Measurement, act: Act) -> None:
    assert act(cast.cio, row, "readmit").json()["errors"][0]["message"] == "It is not excluded."
    act(cast.cio, row, "exclude")
    late = act(cast.cio, row, "exclude", {"reason": "Another."})
    assert late.status_code == 400
    assert late.json()["errors"][0]["message"] == "It is excluded already: Meter broken."
    row.refresh_from_db()
    assert (row.version, row.exclusion_reason) == (2, "Meter broken.")


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "reason"), ({"reason": " "}, "reason"), ({"reason": "x" * 501}, "reason"), ({**BROKEN, "why": 1}, "why")],
)
def test_a_reason_must_be_given(cast: Cast, row: Measurement, act: Act, body: dict[str, Any], field: str) -> None:
    answer = act(cast.cio, row, "exclude", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    row.refresh_from_db()
    assert row.excluded_at is None


def test_who_may(cast: Cast, row: Measurement, act: Act) -> None:
    expected = {"auditor": 403, "agency_member": 403, "vendor_member": 403, "outsider": 404}
    for action in ("exclude", "readmit"):
        for role, status in expected.items():
            assert act(cast.by_role()[role], row, action).status_code == status, role
    row.refresh_from_db()
    assert row.version == 1


def test_an_integration_acts_as_its_owner(cast: Cast, client: Client, row: Measurement) -> None:
    cast.integration.owner = cast.manager
    cast.integration.save()
    path = f"/api/v1/measurements/{row.pk}/exclude/"
    for scope, status in (("measurements:read", 403), ("measurements:write", 200)):
        headers = bearer(cast.integration, scope, by=cast.cio)
        answer = client.post(path, BROKEN, content_type="application/json", headers=headers)
        assert answer.status_code == status, answer.content
    row.refresh_from_db()
    assert row.excluded_by == cast.manager
