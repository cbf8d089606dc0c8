"""Words of OCDS: texts in several languages, ids, days, amounts, organizations and references to them."""

import datetime
import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.utils.translation import gettext as _

from vendors.imports.contracts.rows import Money, Party

LONGEST_ADDRESS = 500
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
CENTS = Decimal("0.01")
TOO_LARGE = Decimal(10) ** 16
LONGEST_NAME, LONGEST_SCHEME, LONGEST_IDENTIFIER = 250, 100, 200
Object = dict[str, Any]


class ReadError(ValueError):
    """Something that cannot be read; the message says why in plain words."""


def inner(holder: Object, name: str) -> Object:
    """An object within an object; empty where there is none."""
    value = holder.get(name)
    return value if isinstance(value, dict) else {}


def objects(holder: Object, name: str) -> list[Object]:
    """The objects of a list within an object."""
    value = holder.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(holder: Object, name: str) -> str:
    """A text; where it is said in other languages only, the English or else the first of them."""
    said = _plain(holder.get(name)) or _plain(holder.get(f"{name}_en"))
    if said:
        return said
    others = (_plain(value) for key, value in sorted(holder.items()) if key.startswith(f"{name}_"))
    return next(filter(None, others), "")


def _plain(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def key_of(holder: Object, name: str = "id") -> str:
    """An id as text: some publishers write numbers."""
    value = holder.get(name)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def day(said: Any) -> datetime.date | None:
    """The day of a date and time as its publisher wrote it, in the publisher's time zone; none where none is said."""
    value = _plain(said)
    if not value:
        return None
    match = ISO_DAY.fullmatch(value)
    try:
        if match is not None:
            return datetime.date(*map(int, match.groups()))
    except ValueError:
        pass  # A day that no calendar has is no date either.
    raise ReadError(_("“%(value)s” is no date.") % {"value": value[:40]})


def amount_of(given: Object) -> Money | None:
    """An amount with its currency, in cents; none where no amount is said."""
    said = given.get("amount")
    if said is None or isinstance(said, bool) or not isinstance(said, int | float):
        return None
    amount = Decimal(str(said))
    currency = _plain(given.get("currency")).upper()
    if not CURRENCY.fullmatch(currency):
        raise ReadError(_("The amount %(amount)s has no currency.") % {"amount": amount})
    if abs(amount) >= TOO_LARGE:
        raise ReadError(_("The amount %(amount)s is too large.") % {"amount": amount})
    return Money(amount.quantize(CENTS, ROUND_HALF_EVEN), currency)


def party_of(reference: Object, parties: dict[str, Object]) -> Party | None:
    """The organization that is meant: what `parties` say of it, and what is written out where it is named."""
    said = (parties.get(key_of(reference), {}), reference)
    # Where payments name a side as 1.0 did, the reference is itself the identifier.
    identifiers = [inner(each, "identifier") for each in said] + [reference]
    names = [text(each, "name") for each in said] + [text(each, "legalName") for each in identifiers]
    more = [each for holder in said for each in objects(holder, "additionalIdentifiers")]
    names += [text(each, "legalName") for each in more]
    spelled = tuple(dict.fromkeys(" ".join(name.split())[:LONGEST_NAME] for name in names if name))
    if not spelled:
        return None
    found = [_identifier(each) for each in identifiers] + [each for each in map(_identifier, more) if _is_telling(each)]
    kept = tuple(dict.fromkeys(each for each in found if each is not None))
    lines = tuple(dict.fromkeys(line for line in (_address(inner(each, "address")) for each in said) if line))
    return Party(name=spelled[0], identifiers=kept, other_names=spelled[1:], addresses=lines)


def _address(said: Object) -> str:
    """Street, place, region and postal code in one line; nothing where only a country or a place is known."""
    parts = [" ".join(text(said, name).split()) for name in ("streetAddress", "locality", "region", "postalCode")]
    return ", ".join(filter(None, parts))[:LONGEST_ADDRESS] if parts[0] else ""


def _identifier(said: Object) -> tuple[str, str] | None:
    scheme, value = text(said, "scheme"), key_of(said)
    fits = 0 < len(scheme) <= LONGEST_SCHEME and 0 < len(value) <= LONGEST_IDENTIFIER
    return (scheme, value) if fits else None


def _is_telling(identifier: tuple[str, str] | None) -> bool:
    """Whether a further identifier can tell organizations apart; headings such as “Vendor Nbr” get into data."""
    return identifier is not None and any(character.isdigit() for character in identifier[1])
