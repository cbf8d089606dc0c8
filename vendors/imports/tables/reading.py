"""Rows of a table become rows to be kept: what they say of a revision or a payment, in our words."""

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from kernel.uploads.tables import TableError, read_table
from vendors.imports.contracts.rows import Kind, Place, Refused
from vendors.imports.tables.fields import AMOUNT, DATE, SHAPES, Field, Holds, Shape

# Of dates with slashes the month comes first, as American offices write them.
DAY_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%Y/%m/%d", "%Y%m%d")
UNREADABLE = ("\0", "\ufffd")
LARGEST_AMOUNT = Decimal(10) ** 16
LONGEST_KEY = 200
YEARS = range(1900, 2200)
KINDS = {Holds.CONTRACT_TABLE.value: Kind.CONTRACT, Holds.PAYMENT_TABLE.value: Kind.PAYMENT}


class RowError(Exception):
    """One row, or one contract, cannot be taken; its text is the reason."""


@dataclass(frozen=True)
class Manner:
    """How a table is read: what it holds, whose it is, which headers each field may have, what else is known.

    `agency` is whose contracts are of which no row names the agency; with `totals` an amount is what a contract is
    worth as of that revision, without by how much its value changes.
    """

    holds: str
    source: str
    columns: Mapping[str, list[str]] = field(default_factory=dict)
    agency: str = ""
    totals: bool = False

    @property
    def shape(self) -> Shape:
        """What can be read of such tables."""
        return SHAPES[self.holds]


@dataclass(frozen=True)
class Cells:
    """One row to be kept: which contract, which revision or period, and what it says."""

    place: Place
    number: str
    reference: str
    content: dict[str, Any]


def read_cells(name: str, file: BinaryIO, manner: Manner) -> Iterator[Cells | Refused]:
    """The rows of a file. Raises TableError."""
    rows = read_table(file)
    _line, header = next(rows, (0, []))
    positions = _positions(header, manner.columns)
    make = _revision if manner.holds == Holds.CONTRACT_TABLE else _payment
    for line, row in rows:
        place = Place(name, line)
        cells = {each: row[at] if at < len(row) else "" for each, at in positions.items()}
        try:
            if len(row) > len(header) and any(row[len(header) :]):
                raise RowError(_("It has more cells than the header."))
            yield make(place, _content(cells, manner))
        except RowError as error:
            yield Refused(KINDS[manner.holds], place, cells.get("number") or cells.get("order", ""), str(error))


def _positions(header: list[str], columns: Mapping[str, list[str]]) -> dict[str, int]:
    positions = {}
    for name, headers in columns.items():
        found = [at for at, cell in enumerate(header) if cell in headers]
        if len(found) != 1:
            asked = {"names": "” / “".join(headers), "header": ", ".join(header)}
            raise TableError(_("There is not exactly one column “%(names)s”. The columns are: %(header)s") % asked)
        positions[name] = found[0]
    return positions


def _content(cells: Mapping[str, str], manner: Manner) -> dict[str, Any]:
    if any(sign in cell for cell in cells.values() for sign in UNREADABLE):
        raise RowError(_("It holds signs that cannot be read, or NUL."))
    values = {each.name: _value(each, cells.get(each.name, "")) for each in manner.shape.fields}
    content: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
    return {**content, "is_total": True} if manner.totals else content


def _value(field: Field, cell: str) -> str | None:
    if not cell:
        return None
    if field.longest and len(cell) > field.longest:
        raise RowError(
            _("%(field)s is longer than %(longest)s signs.") % {"field": field.label, "longest": field.longest}
        )
    try:
        if field.kind == DATE:
            found = day(cell)
            return found.isoformat() if found else None
        if field.kind == AMOUNT:
            value = amount(cell)
            return None if value is None else str(value)
    except RowError as error:
        raise RowError(f"{field.label}: {error}") from None
    # Spreadsheets write whole numbers like 7.0.
    return cell.removesuffix(".0") if field.is_key and cell.removesuffix(".0").isdecimal() else cell


def _revision(place: Place, content: dict[str, Any]) -> Cells:
    number = content.pop("number", None)
    if number is None:
        raise RowError(_("It has no contract number."))
    if "vendor" not in content:
        raise RowError(_("It has no vendor."))
    return Cells(place, number, content.pop("revision", ""), content)


def _payment(place: Place, content: dict[str, Any]) -> Cells:
    order = content.pop("order", "")
    # Where something was paid without an order, some ledgers say so in its place: Direct Payments.
    number = content.pop("number", None) or (order if re.search(r"\d", order) else None)
    if number is None:
        raise RowError(_("It names neither a contract nor a purchase order."))
    if "vendor" not in content:
        raise RowError(_("It has no vendor."))
    if "amount" not in content:
        raise RowError(_("It has no amount."))
    year, paid_on = content.get("year"), content.get("paid_on")
    if year is not None and (not year.isdecimal() or int(year) not in YEARS):
        raise RowError(_("“%(text)s” is no year such as 2024.") % {"text": year})
    if year is None and paid_on is None:
        raise RowError(_("It does not say when it was paid."))
    content["period"] = year or paid_on
    said = {name: value for name, value in content.items() if name not in ("year", "paid_on")}
    return Cells(place, number, _period_key(said), said)


def _period_key(content: Mapping[str, Any]) -> str:
    """What was paid in one period by one agency to one payee is one payment."""
    text = " · ".join(content[name] for name in ("period", "agency", "vendor") if name in content)
    return text if len(text) <= LONGEST_KEY else f"{text[: LONGEST_KEY - 9]} {sha256(text.encode()).hexdigest()[:8]}"


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
