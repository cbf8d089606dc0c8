"""Writing what contracts commit to: a service level with its series and first target."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from brm_portal.access import confirm_editable
from brm_portal.accounts.models import User
from metrics.models import Indicator, Series, Target
from vendors.models import Contract, Service, ServiceLevel


@dataclass(frozen=True)
class FirstTarget:
    """The target a new service level starts with; floor and stretch may be absent."""

    effective_from: datetime.date
    target: Decimal
    floor: Decimal | None = None
    stretch: Decimal | None = None


@transaction.atomic
def create_service_level(
    *,
    contract: Contract,
    code: str,
    indicator: Indicator,
    dimension: str,
    weight: Decimal,
    first_month: datetime.date,
    by: User,
    last_month: datetime.date | None = None,
    service: Service | None = None,
    target: FirstTarget | None = None,
) -> ServiceLevel:
    """Commit a contract to an indicator: the series takes both parties from the contract.

    Raises PermissionDenied where `by` may not change the contract, IntegrityError where the code is taken
    or the target's figures are in the wrong order.
    """
    confirm_editable(contract, by)
    series = Series.objects.create(
        code=code,
        indicator=indicator,
        direction=indicator.direction,
        agency=contract.agency,
        provider=contract.vendor.organization,
    )
    if target is not None:
        Target.objects.create(
            series=series,
            direction=series.direction,
            effective_from=target.effective_from,
            floor=target.floor,
            target=target.target,
            stretch=target.stretch,
        )
    return ServiceLevel.objects.create(
        series=series,
        contract=contract,
        service=service,
        dimension=dimension,
        weight=weight,
        first_month=first_month,
        last_month=last_month,
    )
