"""A contract made of all that tables said of it: its revisions, and what was paid under it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from metrics.methodologies.scoring import add_months
from vendors.imports.contracts.rows import AmendmentRow, ContractRow, Kind, Money, Party, PaymentRow, Place, Refused
from vendors.imports.tables.reading import RowError
from vendors.models import Contract, KeptTableRow

Content = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What is known of one contract: the content of each revision, and of each payment, by its reference."""

    number: str
    revisions: dict[str, Content]
    payments: dict[str, Content]

    def of_kind(self, kind: str) -> dict[str, Content]:
        """Its revisions, or its payments."""
        return self.payments if kind == KeptTableRow.Kind.PAYMENT else self.revisions


def to_contract(said: Said, place: Place, source: str, agency: str) -> tuple[ContractRow, list[Refused]]:
    """One contract, and what of it was left open: the first revision is what was agreed, later ones amend it.

    Of a contract that is only known by its payments no more is said than they do: it lasted from the first year in
    which it was paid to the last. `agency` is whose it is where no row says. Raises RowError.
    """
    contents = [*_in_order(said.revisions).values(), *said.payments.values()]
    owner = next((each["agency"] for each in reversed(contents) if "agency" in each), agency)
    if not owner:
        raise RowError(_("No row names its agency. Say whose such contracts are."))
    row = _agreed(said, place, source, owner) if said.revisions else _paid_only(said, place, source, owner)
    row = replace(row, payments=[_payment(key, each, source) for key, each in sorted(said.payments.items())])
    if row.ends_on is not None and row.ends_on < row.starts_on:
        days = {"end": row.ends_on.isoformat(), "start": row.starts_on.isoformat()}
        raise RowError(_("It ends on %(end)s, before it starts on %(start)s.") % days)
    if row.value is not None and row.value.amount < 0:
        # Files that begin in the middle of a contract's life: what it was worth at first is not known.
        reason = _("Its amounts come to less than nothing, so its value is left open.")
        return replace(row, value=None), [Refused(Kind.FIGURE, place, said.number, reason)]
    return row, []


def _agreed(said: Said, place: Place, source: str, owner: str) -> ContractRow:
    ordered = _in_order(said.revisions)
    contents = list(ordered.values())
    first, last = contents[0], contents[-1]
    starts_on = next(
        (day for each in contents for day in (_day(each, "starts_on"), _day(each, "signed_on")) if day), None
    )
    if starts_on is None:
        raise RowError(_("No row says when it starts or was signed."))
    changes = _changes(contents)
    known = [change for change in changes if change is not None]
    references = list(ordered)
    return ContractRow(
        place=place,
        ocid=source,
        key=said.number,
        title=last.get("title") or first.get("title") or said.number,
        description="",
        category="",
        status=Contract.Status.ACTIVE,
        agency=Party(owner),
        vendors=tuple(dict.fromkeys((_vendor(last, source), *_by_paid(said.payments.values(), source)))),
        value=Money(sum(known, Decimal(0)), settings.CURRENCY) if known else None,
        signed_on=_day(first, "signed_on"),
        starts_on=starts_on,
        ends_on=next((day for each in reversed(contents) if (day := _day(each, "ends_on"))), None),
        amendments=[
            _amendment(references[at], contents[at - 1], contents[at], changes[at]) for at in range(1, len(contents))
        ],
    )


def _changes(contents: list[Content]) -> list[Decimal | None]:
    """By how much each revision changes the value; the first one is what was agreed."""
    changes: list[Decimal | None] = []
    worth = Decimal(0)
    for each in contents:
        amount = Decimal(each["amount"]) if "amount" in each else None
        if amount is not None and each.get("is_total"):
            amount -= worth
        worth += amount or 0
        changes.append(amount)
    return changes


def _paid_only(said: Said, place: Place, source: str, owner: str) -> ContractRow:
    contents = [said.payments[key] for key in sorted(said.payments)]
    return ContractRow(
        place=place,
        ocid=source,
        key=said.number,
        title=next((each["title"] for each in reversed(contents) if "title" in each), said.number),
        description="",
        category="",
        status=Contract.Status.ACTIVE,
        agency=Party(owner),
        vendors=_by_paid(contents, source),
        value=None,
        signed_on=None,
        starts_on=min(first_day(each["period"]) for each in contents),
        ends_on=max(last_day(each["period"]) for each in contents),
    )


def _by_paid(contents: Iterable[Content], source: str) -> tuple[Party, ...]:
    """The vendors that were paid, of which a contract may have many, the one that was paid most first."""
    paid: dict[Party, Decimal] = {}
    for each in contents:
        party = _vendor(each, source)
        paid[party] = paid.get(party, Decimal(0)) + Decimal(each["amount"])
    return tuple(sorted(paid, key=lambda party: (-paid[party], party.name)))


def _payment(reference: str, content: Content, source: str) -> PaymentRow:
    money = Money(Decimal(content["amount"]), settings.CURRENCY)
    payer = Party(content["agency"]) if "agency" in content else None
    return PaymentRow(reference, last_day(content["period"]), money, payer, _vendor(content, source))


def first_day(period: str) -> datetime.date:
    """Of a fiscal year, 2024, or of a day."""
    if len(period) > len("2024"):
        return datetime.date.fromisoformat(period)
    month = settings.FISCAL_YEAR_START_MONTH
    return datetime.date(int(period) - (month > 1), month, 1)


def last_day(period: str) -> datetime.date:
    """Of a fiscal year, which is named by the year in which it ends, or of a day."""
    if len(period) > len("2024"):
        return datetime.date.fromisoformat(period)
    return add_months(first_day(period), 12) - datetime.timedelta(days=1)


def _vendor(content: Content, source: str) -> Party:
    number = content.get("vendor_id")
    address = ", ".join(content[name] for name in ("street", "city", "state", "zip") if name in content)
    addresses = (address,) if "street" in content else ()
    return Party(content["vendor"], ((source, number),) if number else (), addresses=addresses)


def _day(content: Content, name: str) -> datetime.date | None:
    return datetime.date.fromisoformat(content[name]) if name in content else None


def _in_order(revisions: dict[str, Content]) -> dict[str, Content]:
    """Revisions as they came about: by the day of signing where all name it, else by their numbers."""
    # Numbers that grow longer come later: 7 before 11, and a contract before the items that continue it.
    by_number = sorted(revisions, key=lambda each: (len(each), each))
    if all("signed_on" in each for each in revisions.values()):
        by_number.sort(key=lambda each: revisions[each]["signed_on"])
    return {each: revisions[each] for each in by_number}


def _amendment(reference: str, before: Content, content: Content, change: Decimal | None) -> AmendmentRow:
    ends_on = _day(content, "ends_on")
    return AmendmentRow(
        reference=reference,
        signed_on=_day(content, "signed_on"),
        description="",
        reason="",
        value_change=change,
        new_ends_on=ends_on if ends_on != _day(before, "ends_on") else None,
    )
