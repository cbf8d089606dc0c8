"""Writing contracts and all that hangs on them: a fixed number of statements, however many there are."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from kernel.upsert import Counts, Upsert
from vendors.imports.contracts.parties import SOURCE, Bodies
from vendors.imports.contracts.rows import ContractRow, Kind, Party, PaymentRow, Refused
from vendors.models import Amendment, Contract, CoSupplier, Milestone, Payment, ServiceLevel, Vendor

LONGEST_NUMBER = 120

VENDOR = Upsert(Vendor, ("organization_id",), (), ("kind",))
CONTRACT = Upsert(
    Contract,
    ("source", "source_key"),
    (
        "title",
        "description",
        "vendor_id",
        "agency_id",
        "category",
        "status",
        "value",
        "currency",
        "signed_on",
        "starts_on",
        "ends_on",
    ),
    ("number", "holder"),
)
CO_SUPPLIER = Upsert(CoSupplier, ("contract_id", "vendor_id"))
AMENDMENT = Upsert(
    Amendment,
    ("contract_id", "reference"),
    ("signed_on", "description", "reason", "value_change", "new_ends_on"),
)
MILESTONE = Upsert(Milestone, ("contract_id", "reference"), ("title", "description", "due_on", "met_on", "status"))
PAYMENT = Upsert(
    Payment,
    ("contract_id", "reference"),
    ("paid_on", "amount", "currency", "payer_id", "payer_name", "payee_id", "payee_name"),
)

Keys = dict[tuple[str, str], int]


@dataclass
class Written:
    """What was written of a portion of contracts, and what could not be."""

    counts: dict[Kind, Counts] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


def write_contracts(rows: list[ContractRow], *, source: str = SOURCE, payers_too: bool = False) -> Written:
    """Write contracts; their parties become organizations and vendors first, by spellings of `source`.

    Who pays or is paid without being a party is kept by name, or, with `payers_too`, becomes an organization.
    """
    written = Written()
    bodies = Bodies((party for row in rows for party in _all_parties(row)), source)
    wanted = _all_parties if payers_too else _parties
    written.counts |= bodies.take_in(party for row in rows for party in wanted(row))
    vendors = {bodies.pk_of(party) for row in rows for party in row.vendors}
    written.counts[Kind.VENDOR] = VENDOR.write((pk, Vendor.Kind.PRIVATE_PARTNER) for pk in sorted(vendors))
    present = {(row.source, row.source_key): row for row in _present(rows)}
    taken = []
    for row in rows:
        if _moves_parties(row, present.get((row.ocid, row.key)), bodies):
            reason = _("It has service levels here, so its parties are fixed; the source now names others.")
            written.refused.append(Refused(Kind.CONTRACT, row.place, f"{row.ocid} {row.key}", reason))
        else:
            taken.append(row)
    written.counts[Kind.CONTRACT] = _write_rows(taken, present, bodies)
    keys = {(row.source, row.source_key): row.pk for row in _present(taken)}
    for kind, write in PARTS.items():
        written.counts[kind] = write(taken, keys, bodies)
    return written


def _parties(row: ContractRow) -> Iterable[Party]:
    return (row.agency, *row.vendors)


def _all_parties(row: ContractRow) -> Iterable[Party]:
    sides = (side for payment in row.payments for side in (payment.payer, payment.payee) if side is not None)
    return (*_parties(row), *sides)


def _present(rows: list[ContractRow]) -> Any:
    """Those of the contracts that are there; `is_measured` says whether they have service levels."""
    measured = Exists(ServiceLevel.objects.filter(contract=OuterRef("pk")))
    known = Contract.objects.filter(source__in={row.ocid for row in rows}, source_key__in={row.key for row in rows})
    return known.annotate(is_measured=measured).order_by()


def _moves_parties(row: ContractRow, present: Any, bodies: Bodies) -> bool:
    if present is None or not present.is_measured:
        return False
    return (present.vendor_id, present.agency_id) != (bodies.pk_of(row.vendors[0]), bodies.pk_of(row.agency))


def _write_rows(rows: list[ContractRow], present: dict[Any, Any], bodies: Bodies) -> Counts:
    numbers = _numbers(rows, present)
    return CONTRACT.write(
        (
            row.ocid,
            row.key,
            row.title,
            row.description,
            bodies.pk_of(row.vendors[0]),
            bodies.pk_of(row.agency),
            row.category,
            row.status,
            row.value and row.value.amount,
            _currency(row),
            row.signed_on,
            row.starts_on,
            row.ends_on,
            numbers[row.ocid, row.key],
            Contract.Holder.CIO_OFFICE if bodies.is_cio_office(row.agency) else Contract.Holder.AGENCY,
        )
        for row in rows
    )


def _currency(row: ContractRow) -> str:
    """Its value's; without a value that in which it is paid."""
    if row.value is not None:
        return row.value.currency
    return row.payments[0].money.currency if row.payments else settings.CURRENCY


def _numbers(rows: list[ContractRow], present: dict[Any, Any]) -> dict[tuple[str, str], str]:
    """The number people know each contract by: its id, with the process before it where another has that number."""
    numbers = {key: row.number for key, row in present.items()}
    new = [row for row in rows if (row.ocid, row.key) not in numbers]
    taken = set(Contract.objects.filter(number__in={row.key for row in new}).values_list("number", flat=True))
    for row in new:
        number = row.key if row.key not in taken else _long_number(row)
        taken.add(number)
        numbers[row.ocid, row.key] = number
    return numbers


def _long_number(row: ContractRow) -> str:
    number = f"{row.ocid}/{row.key}"
    if len(number) <= LONGEST_NUMBER:
        return number
    return f"{row.key[:100]}-{hashlib.sha256(number.encode()).hexdigest()[:8]}"


def _write_co_suppliers(rows: list[ContractRow], keys: Keys, bodies: Bodies) -> Counts:
    pairs = {
        (keys[row.ocid, row.key], bodies.pk_of(party)): None
        for row in rows
        for party in row.vendors[1:]
        if bodies.pk_of(party) != bodies.pk_of(row.vendors[0])
    }
    return CO_SUPPLIER.write(pairs)


def _write_amendments(rows: list[ContractRow], keys: Keys, bodies: Bodies) -> Counts:
    return AMENDMENT.write(
        (
            keys[row.ocid, row.key],
            each.reference,
            each.signed_on,
            each.description,
            each.reason,
            each.value_change,
            each.new_ends_on,
        )
        for row in rows
        for each in row.amendments
    )


def _write_milestones(rows: list[ContractRow], keys: Keys, bodies: Bodies) -> Counts:
    return MILESTONE.write(
        (
            keys[row.ocid, row.key],
            each.reference,
            each.title,
            each.description,
            each.due_on,
            each.met_on,
            each.status,
        )
        for row in rows
        for each in row.milestones
    )


def _write_payments(rows: list[ContractRow], keys: Keys, bodies: Bodies) -> Counts:
    return PAYMENT.write((keys[row.ocid, row.key], *_payment(each, bodies)) for row in rows for each in row.payments)


def _payment(row: PaymentRow, bodies: Bodies) -> tuple[Any, ...]:
    sides: list[Any] = []
    for party in (row.payer, row.payee):
        body = bodies.find(party) if party is not None else None
        sides += [body and body.organization.pk, party.name if party is not None else ""]
    return (row.reference, row.paid_on, row.money.amount, row.money.currency, *sides)


# In the order in which they are shown.
PARTS: dict[Kind, Callable[[list[ContractRow], Keys, Bodies], Counts]] = {
    Kind.CO_SUPPLIER: _write_co_suppliers,
    Kind.AMENDMENT: _write_amendments,
    Kind.MILESTONE: _write_milestones,
    Kind.PAYMENT: _write_payments,
}
