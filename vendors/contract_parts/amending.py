"""Amending contracts: one agreement that may change the value, the end, and what service levels are to reach."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from kernel.access import confirm_editable
from kernel.accounts.models import User
from metrics.models import Target
from vendors.models import AmendedTarget, Amendment, Contract, ServiceLevel

LARGEST_VALUE = Decimal("9999999999999999.99")  # what 18 digits hold, two of them behind the point
LONGEST_REASON = Target._meta.get_field("reason").max_length or 0


@dataclass(frozen=True)
class TargetChange:
    """What a service level is to reach from a month on."""

    service_level: ServiceLevel
    effective_from: datetime.date
    target: Decimal
    floor: Decimal | None = None
    stretch: Decimal | None = None


@transaction.atomic
def amend_contract(
    *,
    contract: Contract,
    reference: str,
    by: User,
    signed_on: datetime.date | None = None,
    description: str = "",
    reason: str = "",
    value_change: Decimal | None = None,
    new_ends_on: datetime.date | None = None,
    is_renewal: bool = False,
    targets: Sequence[TargetChange] = (),
) -> Amendment:
    """Write an amendment and change the contract and its service levels by it.

    A renewal without a new end lasts as long as was agreed. Raises PermissionDenied where `by` may not change the
    contract, ValidationError where what would come of it cannot be.
    """
    confirm_editable(contract, by)
    _check_targets(contract, targets, reason)
    held = _held(contract.pk)
    amendment = Amendment(
        contract=held,
        reference=reference,
        signed_on=signed_on,
        description=description,
        reason=reason,
        value_change=value_change,
        new_ends_on=_renewed_until(held, new_ends_on) if is_renewal else new_ends_on,
        is_renewal=is_renewal,
        is_applied=True,
        ended_on_before=held.ends_on,
    )
    amendment.full_clean()
    amendment.save()
    _move_value(held, value_change or Decimal(0))
    if amendment.new_ends_on is not None:
        held.ends_on = amendment.new_ends_on
    if is_renewal:
        _count_renewals(held, -1)
    held.save(update_fields=["value", "ends_on", "renewals_left"])
    for change in targets:
        _agree(amendment, change)
    return amendment


@transaction.atomic
def correct_amendment(
    *,
    amendment: Amendment,
    reference: str,
    by: User,
    signed_on: datetime.date | None,
    description: str,
    reason: str,
    value_change: Decimal | None,
    new_ends_on: datetime.date | None,
) -> Amendment:
    """Correct what was written of an amendment; where it was carried out here, the contract follows."""
    confirm_editable(amendment, by)
    row = Amendment.objects.select_for_update().get(pk=amendment.pk)
    held = _held(row.contract_id)
    if row.is_applied:
        _move_value(held, (value_change or Decimal(0)) - (row.value_change or Decimal(0)))
        if held.ends_on == (row.new_ends_on or row.ended_on_before):
            held.ends_on = new_ends_on or row.ended_on_before
        held.save(update_fields=["value", "ends_on"])
    row.contract = held
    row.reference, row.signed_on, row.description, row.reason = reference, signed_on, description, reason
    row.value_change, row.new_ends_on = value_change, new_ends_on
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def remove_amendment(*, amendment: Amendment, by: User) -> None:
    """Remove an amendment and the targets it agreed; where it was carried out here, take its changes back."""
    confirm_editable(amendment, by)
    row = Amendment.objects.select_for_update().get(pk=amendment.pk)
    held = _held(row.contract_id)
    if row.is_applied:
        _move_value(held, -(row.value_change or Decimal(0)))
        if row.new_ends_on is not None and held.ends_on == row.new_ends_on:
            held.ends_on = row.ended_on_before
        if row.is_renewal:
            _count_renewals(held, 1)
        held.save(update_fields=["value", "ends_on", "renewals_left"])
    targets = list(row.targets.values_list("target", flat=True))
    row.targets.all().delete()
    Target.objects.filter(pk__in=targets).delete()
    row.delete()


def remove_part(*, part: Model, by: User) -> None:
    """Remove a milestone or a payment of a contract; the history keeps it."""
    confirm_editable(part, by)
    part.delete()


def next_reference(rows: Any) -> str:
    """A number that none of a contract's rows of a kind has."""
    taken = set(rows.values_list("reference", flat=True))
    return next(str(number) for number in range(len(taken) + 1, 2 * len(taken) + 2) if str(number) not in taken)


def _held(contract: int) -> Contract:
    """The contract's row, locked: what is computed from it holds until the transaction ends."""
    return Contract.objects.select_for_update(of=("self",)).get(pk=contract)


def _renewed_until(contract: Contract, new_ends_on: datetime.date | None) -> datetime.date:
    if not contract.can_renew:
        raise ValidationError({"is_renewal": _("No renewal is left. Change the contract first, or give a new end.")})
    until = new_ends_on or contract.renewed_until
    if until is None:
        raise ValidationError({"new_ends_on": _("The contract has no end to count from: give the new one.")})
    return until


def _move_value(contract: Contract, change: Decimal) -> None:
    """Change the value, where it is known."""
    if contract.value is None:
        return
    if contract.value + change < 0:
        raise ValidationError({"value_change": _("The contract's value would fall below 0.")})
    if contract.value + change > LARGEST_VALUE:
        raise ValidationError({"value_change": _("The contract's value would be larger than can be kept.")})
    contract.value += change


def _count_renewals(contract: Contract, change: int) -> None:
    if contract.renewals_left is not None:
        contract.renewals_left += change


def _check_targets(contract: Contract, targets: Sequence[TargetChange], reason: str) -> None:
    """New targets are of the contract's own service levels, and come with a reason."""
    foreign = [each.service_level.code for each in targets if each.service_level.contract_id != contract.pk]
    if foreign:
        message = _("These are not service levels of the contract: %(codes)s.")
        raise ValidationError({"targets": message % {"codes": ", ".join(foreign[:10])}})
    if targets and not reason.strip():
        raise ValidationError({"reason": _("Say why service levels change: it stands in their target history.")})


def _agree(amendment: Amendment, change: TargetChange) -> None:
    series = change.service_level.series
    target = Target(
        series=series,
        direction=series.direction,
        effective_from=change.effective_from,
        floor=change.floor,
        target=change.target,
        stretch=change.stretch,
        reason=amendment.reason[:LONGEST_REASON],
    )
    try:
        target.full_clean()
    except ValidationError as error:
        raise ValidationError([f"{series.code}: {text}" for text in error.messages]) from error
    target.save()
    AmendedTarget.objects.create(amendment=amendment, target=target)
