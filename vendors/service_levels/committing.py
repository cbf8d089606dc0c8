"""Commitments of contracts: a service level with its series and first target."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.access import confirm_editable
from kernel.accounts.models import User
from metrics.models import Indicator, Series, Target
from vendors.models import Contract, Service, ServiceLevel, ServiceLevelTemplate

LONGEST_BASE = 110


@dataclass(frozen=True)
class FirstTarget:
    """The target a new service level starts with; floor and stretch may be absent."""

    effective_from: datetime.date
    target: Decimal
    floor: Decimal | None = None
    stretch: Decimal | None = None


def start_from(template: ServiceLevelTemplate, contract: Contract) -> dict[str, Any]:
    """What the form of a new service level of a contract holds at first, with a code that is free."""
    return {
        "code": free_code(f"{contract.number}-{template.code}"),
        "indicator": template.indicator_id,
        "dimension": template.dimension,
        "first_month": timezone.localdate().replace(day=1),
        **{name: figure_text(getattr(template, name)) for name in ("weight", "floor", "target", "stretch")},
    }


def figure_text(figure: Decimal | None) -> str:
    """A figure as people write it, without needless zeros."""
    return "" if figure is None else f"{figure.normalize():f}"


def free_code(wanted: str) -> str:
    """A code of a series that is not taken, as near to the wanted one as codes may be."""
    base = re.sub(r"[^A-Za-z0-9._]+", "-", wanted).lstrip("-._")[:LONGEST_BASE]
    taken = set(Series.objects.filter(code__startswith=base).values_list("code", flat=True))
    numbered = (f"{base}-{number}" for number in count(2))
    return base if base not in taken else next(code for code in numbered if code not in taken)


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

    Raises PermissionDenied where `by` may not change the contract, ValidationError where the code is taken, the
    indicator is retired, the service is another vendor's, or the target's figures are in the wrong order.
    """
    confirm_editable(contract, by)
    if Series.objects.filter(code=code).exists():
        raise ValidationError({"code": ValidationError(_("This code is taken. Choose another."), code="taken")})
    if indicator.retired_on is not None:
        raise ValidationError({"indicator": _("This indicator is retired. Choose another.")})
    series = Series(
        code=code,
        indicator=indicator,
        direction=indicator.direction,
        agency=contract.agency,
        provider=contract.vendor.organization,
    )
    series.full_clean()
    series.save()
    if target is not None:
        _agree(series, target)
    level = ServiceLevel(
        series=series,
        contract=contract,
        service=service,
        dimension=dimension,
        weight=weight,
        first_month=first_month,
        last_month=last_month,
    )
    level.full_clean()
    level.save()
    return level


def _agree(series: Series, first: FirstTarget) -> None:
    figures = {"floor": first.floor, "target": first.target, "stretch": first.stretch}
    target = Target(series=series, direction=series.direction, effective_from=first.effective_from, **figures)
    try:
        target.full_clean()
    except ValidationError as error:
        raise ValidationError({"target": error.messages}) from error
    target.save()
