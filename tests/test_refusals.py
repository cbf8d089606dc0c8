"""Refusals of operations: a rule holds for whoever calls them, not only for forms and the API, and names the field."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from kernel.access import Role
from kernel.accounts.models import User
from kernel.accounts.operations import assign_membership, invite_user
from kernel.directory.models import Membership
from kernel.webhooks.models import Endpoint
from kernel.webhooks.operations import create_endpoint
from metrics.measurements.excluding import exclude_measurement, readmit_measurement
from metrics.models import Indicator, Measurement, Series
from tests.conftest import JANUARY, LONG_AGO, Cast, World
from vendors.contract_parts.amending import TargetChange, amend_contract
from vendors.identity.deciding import suspect
from vendors.models import Amendment, Service, ServiceLevel, Vendor
from vendors.scorecards.requesting import request_scorecards
from vendors.service_levels.committing import FirstTarget, create_service_level

TODAY = timezone.localdate()


def refused(operation: Callable[..., Any], **arguments: Any) -> dict[str, list[str]]:
    """What an operation says against its arguments, by field."""
    with pytest.raises(ValidationError) as refusal:
        operation(**arguments)
    return refusal.value.message_dict


# --- people and webhooks ---


def test_an_integration_has_an_owner_and_nobody_else(cast: Cast) -> None:
    new = {"email": "new@example.gov", "name": "New", "by": cast.cio}
    assert set(refused(invite_user, role=Role.INTEGRATION, **new)) == {"owner"}
    assert set(refused(invite_user, role=Role.AUDITOR, owner=cast.cio, **new)) == {"owner"}
    assert not User.objects.filter(email="new@example.gov").exists()


def test_a_capacity_goes_with_the_role(cast: Cast, world: World) -> None:
    place = {"organization": world.parks, "starts_on": TODAY, "by": cast.cio}
    primary = Membership.Capacity.MANAGER_PRIMARY
    assert set(refused(assign_membership, user=cast.agency_member, capacity=primary, **place)) == {"capacity"}


def test_a_webhook_goes_where_messages_may_go_for_who_sees_something(cast: Cast) -> None:
    told = {"name": "Warehouse", "event_types": ["contract.ending"], "by": cast.cio}
    assert set(refused(create_endpoint, url="http://example.com/", acts_for=cast.cio, **told)) == {"url"}
    User.objects.filter(pk=cast.auditor.pk).update(is_active=False)
    closed = User.objects.get(pk=cast.auditor.pk)
    assert set(refused(create_endpoint, url="https://example.com/", acts_for=closed, **told)) == {"acts_for"}
    assert not Endpoint.objects.exists()


# --- measuring ---


@pytest.mark.parametrize("operation", [exclude_measurement, readmit_measurement])
@pytest.mark.parametrize("reason", ["", "  "])
def test_a_measurement_is_excluded_and_admitted_for_a_reason(
    cast: Cast, world: World, operation: Callable[..., None], reason: str
) -> None:
    row = Measurement.objects.create(series=world.service_level.series, observed_on=JANUARY, value=1)
    assert set(refused(operation, measurement=row, reason=reason, by=cast.cio)) == {"reason"}


# --- agreements ---


def test_new_targets_are_of_the_contracts_own_levels_and_say_why(cast: Cast, world: World) -> None:
    def agree(level: ServiceLevel, reason: str) -> dict[str, list[str]]:
        targets = [TargetChange(level, datetime.date(2021, 1, 1), Decimal(97))]
        return refused(
            amend_contract, contract=world.contract, reference="1", reason=reason, targets=targets, by=cast.cio
        )

    assert agree(world.service_level, "") == {
        "reason": ["Say why service levels change: it stands in their target history."]
    }
    assert agree(world.other_service_level, "Why") == {
        "targets": ["These are not service levels of the contract: C-2-uptime."]
    }
    assert not Amendment.objects.exists()


@pytest.fixture
def level(cast: Cast, world: World) -> dict[str, Any]:
    """A service level that nothing speaks against."""
    return {
        "contract": world.contract,
        "code": "C-1-waiting",
        "indicator": world.service_level.series.indicator,
        "dimension": "outcomes",
        "weight": Decimal(1),
        "first_month": JANUARY,
        "by": cast.cio,
    }


def test_what_is_wrong_with_a_service_level_is_said_by_field(cast: Cast, world: World, level: dict[str, Any]) -> None:
    def complaints(**changes: Any) -> set[str]:
        return set(refused(create_service_level, **{**level, **changes}))

    retired = Indicator.objects.create(code="old", name="Old", direction="higher", retired_on=LONG_AGO)
    foreign = Service.objects.create(code="foreign", name="Foreign", provider=world.rival)
    assert complaints(code="C-2-uptime") == {"code"}
    assert complaints(code="no spaces here") == {"code"}
    assert complaints(indicator=retired) == {"indicator"}
    assert complaints(service=foreign) == {"service"}
    assert complaints(dimension="nonsense") == {"dimension"}
    assert complaints(target=FirstTarget(JANUARY, Decimal(90), floor=Decimal(95))) == {"target"}
    assert complaints(target=FirstTarget(JANUARY, None, floor=Decimal(95))) == {"target"}
    assert not Series.objects.filter(code="C-1-waiting").exists()
    assert create_service_level(**level).code == "C-1-waiting"


# --- vendors ---


def test_one_vendor_is_no_pair(cast: Cast, world: World) -> None:
    assert set(refused(suspect, one=world.acme, other=world.acme, by=cast.cio)) == {"other"}


def test_a_period_that_has_not_begun_is_not_scored(cast: Cast, world: World) -> None:
    next_month = (TODAY.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    asked = {"months": 1, "methodology": world.methodology, "vendors": Vendor.objects.all(), "by": cast.cio}
    assert set(refused(request_scorecards, period_start=next_month, **asked)) == {"period_start"}
