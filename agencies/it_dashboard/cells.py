"""What a cell of an export may hold: text, figures, money and dates in the spellings that occur."""

import datetime
import re
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext as _

MILLION = 1_000_000
STORED = Decimal("0.000000001")
CENTS = Decimal("0.01")
TOO_LARGE = Decimal(10) ** 21

BLANKS = frozenset({"", "-", "--", "n/a", "none", "null"})
FIGURE = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)
ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
US_DAY = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})", re.ASCII)
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)


class RefusedCellError(ValueError):
    """A cell that cannot be what its column holds; the message says why in plain words."""


def clean(cell: str | None) -> str:
    """The text of a cell, without white space around it and with single spaces in it."""
    return " ".join((cell or "").replace("\0", "").split())


def text(cell: str, limit: int) -> str:
    """Text of at most `limit` characters."""
    value = clean(cell)
    if len(value) > limit:
        raise RefusedCellError(
            _("“%(start)s…” is longer than %(limit)d characters") % {"start": value[:40], "limit": limit}
        )
    return value


def code(cell: str, limit: int) -> str:
    """An identifier that can stand in a code."""
    value = text(cell, limit)
    if not value:
        raise RefusedCellError(_("it is empty"))
    if not CODE.fullmatch(value):
        raise RefusedCellError(_("“%(value)s” is no identifier") % {"value": value})
    return value


def number(cell: str) -> Decimal | None:
    """A figure with up to nine decimals, or none."""
    value = clean(cell)
    if value.casefold() in BLANKS:
        return None
    plain = value.replace(",", "")
    if not FIGURE.fullmatch(plain):
        raise RefusedCellError(_("“%(value)s” is no number") % {"value": value})
    figure = Decimal(plain)
    if abs(figure) >= TOO_LARGE:
        raise RefusedCellError(_("“%(value)s” is too large") % {"value": value})
    return figure.quantize(STORED, ROUND_HALF_EVEN)


def dollars(cell: str) -> Decimal | None:
    """An amount in millions of US dollars as dollars, or none; in parentheses it is below zero."""
    value = clean(cell)
    plain = value.replace("$", "").replace(" ", "")
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    try:
        millions = number(plain)
    except RefusedCellError:
        raise RefusedCellError(_("“%(value)s” is no amount of money") % {"value": value}) from None
    if millions is not None and abs(millions) >= MILLION * 1000:
        raise RefusedCellError(_("“%(value)s” is too large") % {"value": value})
    return None if millions is None else millions * MILLION


def day(cell: str) -> datetime.date | None:
    """A date written 2021-04-27 or 04/27/2021, or none."""
    value = clean(cell)
    if value.casefold() in BLANKS:
        return None
    match = ISO_DAY.fullmatch(value) or US_DAY.fullmatch(value)
    if match is None:
        raise RefusedCellError(_("“%(value)s” is no date") % {"value": value})
    try:
        return datetime.date(**{part: int(figure) for part, figure in match.groupdict().items()})
    except ValueError:
        raise RefusedCellError(_("“%(value)s” is no day of the calendar") % {"value": value}) from None


def numbered_name(cell: str, limit: int) -> tuple[str, str]:
    """Code and name of what is written “45 - Agricultural Marketing Service”."""
    number_part, dash, name = clean(cell).partition(" - ")
    if not dash or not name.strip():
        raise RefusedCellError(_("“%(value)s” is not written “number - name”") % {"value": clean(cell)})
    return code(number_part, 20), text(name, limit)
