"""Rows of a table become revisions of contracts, and revisions become contracts with amendments."""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from brm_portal.uploads.tables import TableError, read_table
from vendors.models import Contract
from vendors.ocds.rows import AmendmentRow, ContractRow, Kind, Money, Party, Place, Refused

FIELDS = (
    "number",
    "revision",
    "title",
    "vendor",
    "vendor_id",
    "agency",
    "starts_on",
    "ends_on",
    "signed_on",
    "amount",
)
NEEDED = ("number", "vendor")
LONGEST = {"number": 120, "revision": 200, "title": 500, "vendor": 250, "vendor_id": 200, "agency": 250}
# Of dates with slashes the month comes first, as American offices write them.
DAY_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%Y/%m/%d", "%Y%m%d")
UNREADABLE = ("\0", "\ufffd")
LARGEST_AMOUNT = Decimal(10) ** 16


class RowError(Exception):
    """One row, or one contract, cannot be taken; its text is the reason."""


@dataclass(frozen=True)
class Revision:
    """What one row says of a contract."""

    place: Place
    number: str
    reference: str
    title: str
    vendor: Party
    agency: str
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    signed_on: datetime.date | None
    amount: Decimal | None


def read_revisions(
    name: str, file: BinaryIO, mapping: Mapping[str, list[str]], source: str
) -> Iterator[Revision | Refused]:
    """The rows of a file; `mapping` names the headers that each field may have. Raises TableError."""
    rows = read_table(file)
    _line, header = next(rows, (0, []))
    positions = _positions(header, mapping)
    for line, row in rows:
        place = Place(name, line)
        cells = {field: row[at] if at < len(row) else "" for field, at in positions.items()}
        try:
            if len(row) > len(header) and any(row[len(header) :]):
                raise RowError(_("It has more cells than the header."))
            if any(sign in cell for cell in cells.values() for sign in UNREADABLE):
                raise RowError(_("It holds signs that cannot be read, or NUL."))
            yield _revision(place, cells, source)
        except RowError as error:
            yield Refused(Kind.CONTRACT, place, cells["number"], str(error))


def _positions(header: list[str], mapping: Mapping[str, list[str]]) -> dict[str, int]:
    positions = {}
    for field, names in mapping.items():
        found = [at for at, cell in enumerate(header) if cell in names]
        if len(found) != 1:
            asked = {"names": "” / “".join(names), "header": ", ".join(header)}
            raise TableError(_("There is not exactly one column “%(names)s”. The columns are: %(header)s") % asked)
        positions[field] = found[0]
    return positions


def _revision(place: Place, cells: Mapping[str, str], source: str) -> Revision:
    for field in NEEDED:
        if not cells[field]:
            raise RowError(_("It has no %(field)s.") % {"field": field})
    for field, longest in LONGEST.items():
        if len(cells.get(field, "")) > longest:
            raise RowError(_("%(field)s is longer than %(longest)s signs.") % {"field": field, "longest": longest})
    vendor_id = cells.get("vendor_id", "")
    return Revision(
        place=place,
        number=cells["number"],
        reference=cells.get("revision", ""),
        title=cells.get("title", ""),
        vendor=Party(cells["vendor"], ((source, vendor_id),) if vendor_id else ()),
        agency=cells.get("agency", ""),
        starts_on=_day("starts_on", cells),
        ends_on=_day("ends_on", cells),
        signed_on=_day("signed_on", cells),
        amount=amount(cells.get("amount", "")),
    )


def _day(field: str, cells: Mapping[str, str]) -> datetime.date | None:
    try:
        return day(cells.get(field, ""))
    except RowError as error:
        raise RowError(f"{field}: {error}") from None


def day(text: str) -> datetime.date | None:
    """A day in any of the forms that offices use; a time after it is left out. Raises RowError."""
    if not text:
        return None
    plain = re.split(r"[T ]", text, maxsplit=1)[0]
    for each in DAY_FORMATS:
        try:
            return datetime.datetime.strptime(plain, each).date()  # noqa: DTZ007 - days have no zone
        except ValueError:
            continue
    raise RowError(_("“%(text)s” is no date such as 2024-12-31 or 12/31/2024.") % {"text": text})


def amount(text: str) -> Decimal | None:
    """An amount as spreadsheets show it: with a dollar sign, commas, in brackets below zero. Raises RowError."""
    plain = re.sub(r"[$,\s]", "", text)
    if plain in ("", "-"):
        return None
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= LARGEST_AMOUNT:
        raise RowError(_("“%(text)s” is no amount such as 1,250.00 or -1250.") % {"text": text})
    return round(number, 2)


def to_contract(revisions: Iterable[Revision], source: str, agency: str) -> ContractRow:
    """One contract of all its revisions: the first is what was agreed, each later one an amendment.

    Its value is the sum of all amounts. `agency` is whose it is where no row says. Raises RowError.
    """
    first, *later = ordered = in_order(list(revisions))
    last = ordered[-1]
    owner = next((each.agency for each in reversed(ordered) if each.agency), agency)
    if not owner:
        raise RowError(_("No row names its agency. Say whose such contracts are."))
    starts_on = next((day for each in ordered for day in (each.starts_on, each.signed_on) if day is not None), None)
    if starts_on is None:
        raise RowError(_("No row says when it starts or was signed."))
    ends_on = next((each.ends_on for each in reversed(ordered) if each.ends_on is not None), None)
    if ends_on is not None and ends_on < starts_on:
        days = {"end": ends_on.isoformat(), "start": starts_on.isoformat()}
        raise RowError(_("It ends on %(end)s, before it starts on %(start)s.") % days)
    amounts = [each.amount for each in ordered if each.amount is not None]
    return ContractRow(
        place=first.place,
        ocid=source,
        key=first.number,
        title=last.title or first.title or first.number,
        description="",
        category="",
        status=Contract.Status.ACTIVE,
        agency=Party(owner),
        vendors=(last.vendor,),
        value=Money(sum(amounts, Decimal(0)), settings.CURRENCY) if amounts else None,
        signed_on=first.signed_on,
        starts_on=starts_on,
        ends_on=ends_on,
        amendments=[_amendment(before, each) for before, each in zip(ordered, later, strict=False)],
    )


def in_order(revisions: list[Revision]) -> list[Revision]:
    """Revisions as they came about: by the day of signing where all name it, else by their numbers."""
    # Numbers that grow longer come later: 7 before 11, and a contract before the items that continue it.
    by_number = sorted(revisions, key=lambda each: (len(each.reference), each.reference))
    days = {each.reference: each.signed_on for each in by_number}
    if None in days.values():
        return by_number
    return sorted(by_number, key=lambda each: days[each.reference] or datetime.date.min)


def _amendment(before: Revision, revision: Revision) -> AmendmentRow:
    return AmendmentRow(
        reference=revision.reference,
        signed_on=revision.signed_on,
        description="",
        reason="",
        value_change=revision.amount,
        new_ends_on=revision.ends_on if revision.ends_on != before.ends_on else None,
    )
