"""Contracting processes in our words: contracts with all that hangs on them, and what cannot be taken.

Words that the standard gave up with 1.1 (`amendment`, `providerOrganization`, organizations written out where they are
named) are read too, for publishers still use them, in files of either version.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from vendors.imports.contracts.rows import (
    AmendmentRow,
    ContractRow,
    Kind,
    MilestoneRow,
    Money,
    PaymentRow,
    Place,
    Refused,
)
from vendors.imports.ocds.merging import Merged
from vendors.imports.ocds.saying import ReadError, amount_of, day, inner, key_of, objects, party_of, text
from vendors.models import Contract, Milestone

STATUSES = frozenset(Contract.Status.values)
CATEGORIES = frozenset(Contract.Category.values)
MILESTONE_STATUSES = {
    "scheduled": Milestone.Status.SCHEDULED,
    "met": Milestone.Status.MET,
    "partiallyMet": Milestone.Status.PARTIALLY_MET,
    "notMet": Milestone.Status.NOT_MET,
}
LONGEST_KEY, LONGEST_TITLE = 120, 500
Object = dict[str, Any]


class RefusedContractError(ValueError):
    """A contract that cannot be taken; the message says why in plain words."""


@dataclass
class Process:
    """One contracting process while it is put into our words."""

    place: Place
    ocid: str
    merged: Merged
    contracts: list[ContractRow] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.content = self.merged.content
        self.tender = inner(self.content, "tender")
        self.awards = objects(self.content, "awards")
        self.parties = {key_of(each): each for each in objects(self.content, "parties")}

    def refuse(self, kind: Kind, key: str, reason: str) -> None:
        """Note a piece that is not taken."""
        self.refused.append(Refused(kind, self.place, key, reason))


def map_process(place: Place, ocid: str, merged: Merged) -> Process:
    """The contracts of a process; where there is none, why."""
    process = Process(place, ocid, merged)
    listed = objects(process.content, "contracts")
    for contract in listed:
        key = key_of(contract)
        try:
            process.contracts.append(_contract(process, contract, key))
        except (RefusedContractError, ReadError) as error:
            process.refuse(Kind.CONTRACT, f"{ocid} {key}".strip(), str(error))
    if not listed:
        awarded = _("There are awards, but no contract yet.")
        process.refuse(Kind.PROCESS, ocid, awarded if process.awards else _("There is no contract yet."))
    return process


def _contract(process: Process, contract: Object, key: str) -> ContractRow:
    if not key or len(key) > LONGEST_KEY:
        raise RefusedContractError(_("It has no id, or one longer than %(limit)d characters.") % {"limit": LONGEST_KEY})
    award = _award_of(process, contract)
    vendors = _suppliers(process, contract, award)
    agency = _agency(process)
    period = inner(contract, "period") or inner(award, "contractPeriod")
    starts_on, ends_on, signed_on = _days(process, contract, award, period)
    if ends_on is not None and ends_on < starts_on:
        days = {"end": ends_on.isoformat(), "start": starts_on.isoformat()}
        raise RefusedContractError(_("It ends on %(end)s, before it starts on %(start)s.") % days)
    row = ContractRow(
        place=process.place,
        ocid=process.ocid,
        key=key,
        title=_title(process, contract, award, key)[:LONGEST_TITLE],
        description=text(contract, "description"),
        category=_one_of(text(process.tender, "mainProcurementCategory"), CATEGORIES, ""),
        status=_one_of(text(contract, "status"), STATUSES, Contract.Status.ACTIVE),
        agency=agency,
        vendors=vendors,
        value=_value(process, contract, award, key),
        signed_on=signed_on,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    implementation = inner(contract, "implementation")
    milestones = objects(contract, "milestones") + objects(implementation, "milestones")
    row.amendments.extend(_amendments(process, contract, key))
    row.milestones.extend({each.reference: each for each in _milestones(process, milestones, key)}.values())
    row.payments.extend(_payments(process, objects(implementation, "transactions"), key))
    return row


def _award_of(process: Process, contract: Object) -> Object:
    """The award a contract is about; where it names one that is not there, the only one there is."""
    named = key_of(contract, "awardID")
    for award in process.awards:
        if key_of(award) == named:
            return award
    return process.awards[0] if len(process.awards) == 1 else {}


def _suppliers(process: Process, contract: Object, award: Object) -> tuple[Any, ...]:
    named = objects(award, "suppliers") or objects(contract, "suppliers")
    if not named and not award:
        named = [each for each in process.parties.values() if "supplier" in (each.get("roles") or [])]
        # Of several, nobody can say whose contract it is.
        named = named if len(named) == 1 else []
    found = [party_of(each, process.parties) for each in named]
    parties = tuple(dict.fromkeys(each for each in found if each is not None))
    if not parties:
        raise RefusedContractError(_("No supplier is named: neither by its award nor by itself."))
    return parties


def _agency(process: Process) -> Any:
    buyers = (inner(process.content, "buyer"), inner(process.tender, "procuringEntity"))
    by_role = [
        each
        for role in ("buyer", "procuringEntity")
        for each in process.parties.values()
        if role in (each.get("roles") or [])
    ]
    for each in (*buyers, *by_role[:1]):
        party = party_of(each, process.parties)
        if party is not None:
            return party
    raise RefusedContractError(_("No buyer is named."))


def _days(
    process: Process, contract: Object, award: Object, period: Object
) -> tuple[datetime.date, datetime.date | None, datetime.date | None]:
    """First and last day and the day of signing. Without a first day it starts when it was signed or awarded."""
    signed_on = day(contract.get("dateSigned"))
    starts_on = day(period.get("startDate")) or signed_on or day(award.get("date"))
    if starts_on is None:
        raise RefusedContractError(_("It does not say when it starts, was signed or was awarded."))
    ends_on = day(period.get("endDate"))
    length = period.get("durationInDays")
    if ends_on is None and isinstance(length, int) and 0 < length < 100_000:
        ends_on = starts_on + datetime.timedelta(days=length - 1)
    return starts_on, ends_on, signed_on


def _title(process: Process, contract: Object, award: Object, key: str) -> str:
    titles = (text(each, "title") for each in (contract, award, process.tender))
    return next(filter(None, titles), "") or text(contract, "description") or key


def _value(process: Process, contract: Object, award: Object, key: str) -> Money | None:
    """What it is worth: its own value, or the award's where that became this one contract alone."""
    own = inner(contract, "value")
    siblings = [each for each in objects(process.content, "contracts") if _award_of(process, each) is award]
    given = own or (inner(award, "value") if len(siblings) == 1 else {})
    value = _money(process, given, f"{process.ocid} {key}")
    if value is not None and value.amount < 0:
        process.refuse(Kind.FIGURE, f"{process.ocid} {key}", _("A contract's value cannot be negative."))
        return None
    return value


def _money(process: Process, given: Object, key: str) -> Money | None:
    try:
        return amount_of(given)
    except ReadError as error:
        process.refuse(Kind.FIGURE, key, str(error))
        return None


def _amendments(process: Process, contract: Object, key: str) -> list[AmendmentRow]:
    listed = objects(contract, "amendments")
    single = inner(contract, "amendment")
    if single and not listed:
        listed = [single]
    rows: dict[str, AmendmentRow] = {}
    for position, each in enumerate(listed, start=1):
        reference = key_of(each) or str(position)
        try:
            signed_on = day(each.get("date"))
        except ReadError as error:
            process.refuse(Kind.AMENDMENT, f"{process.ocid} {key} {reference}", str(error))
            continue
        change, new_end = _effect(process, each, key)
        rows[reference] = AmendmentRow(
            reference=reference[:200],
            signed_on=signed_on,
            description=text(each, "description"),
            reason=text(each, "rationale"),
            value_change=change,
            new_ends_on=new_end,
        )
    return list(rows.values())


def _effect(process: Process, amendment: Object, key: str) -> tuple[Decimal | None, datetime.date | None]:
    """What an amendment changed, from the releases it names: the standard says no figures in the amendment itself."""
    after_all = process.merged.contracts_after
    before = after_all.get(key_of(amendment, "amendsReleaseID"), {}).get(key)
    after = after_all.get(key_of(amendment, "releaseID"), {}).get(key)
    if before is None or after is None:
        return None, None
    change = None
    try:
        earlier, later = amount_of(inner(before, "value")), amount_of(inner(after, "value"))
        ends = [day(inner(each, "period").get("endDate")) for each in (before, after)]
    except ReadError:
        return None, None
    if earlier and later and earlier.currency == later.currency:
        change = later.amount - earlier.amount
    return change, ends[1] if ends[0] != ends[1] else None


def _milestones(process: Process, listed: list[Object], key: str) -> list[MilestoneRow]:
    rows = []
    for position, each in enumerate(listed, start=1):
        reference = key_of(each) or str(position)
        try:
            due_on, met_on = day(each.get("dueDate")), day(each.get("dateMet"))
        except ReadError as error:
            process.refuse(Kind.MILESTONE, f"{process.ocid} {key} {reference}", str(error))
            continue
        unsaid = Milestone.Status.SCHEDULED if met_on is None else Milestone.Status.MET
        title = text(each, "title") or text(each, "description") or reference
        rows.append(
            MilestoneRow(
                reference=reference[:200],
                title=title[:LONGEST_TITLE],
                description=text(each, "description"),
                due_on=due_on,
                met_on=met_on,
                status=MILESTONE_STATUSES.get(text(each, "status"), unsaid),
            )
        )
    return rows


def _payments(process: Process, listed: list[Object], key: str) -> list[PaymentRow]:
    rows: dict[str, PaymentRow] = {}
    for position, each in enumerate(listed, start=1):
        reference = key_of(each) or str(position)
        try:
            paid_on, money = day(each.get("date")), amount_of(inner(each, "value") or inner(each, "amount"))
            if paid_on is None or money is None:
                raise ReadError(_("It does not say when or how much was paid."))
        except ReadError as error:
            process.refuse(Kind.PAYMENT, f"{process.ocid} {key} {reference}", str(error))
            continue
        sides = (
            party_of(inner(each, new) or inner(each, old), process.parties)
            for new, old in (("payer", "providerOrganization"), ("payee", "receiverOrganization"))
        )
        rows[reference] = PaymentRow(reference[:200], paid_on, money, *sides)
    return list(rows.values())


def _one_of(said: str, known: frozenset[str], otherwise: str) -> str:
    return said if said in known else otherwise
