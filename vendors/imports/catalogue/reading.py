"""Reading a file of the FedRAMP Marketplace: its providers, products, agencies and who uses what.

Ids are compared without the spaces that some have around them. An agency that the list of agencies lacks is read from
the row that names it; a product that the list of products lacks has no provider, so its rows are refused.
"""

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from vendors.imports.catalogue.rows import AgencyRow, ServiceRow, UseRow
from vendors.imports.contracts.parties import NOT_IN_CODES
from vendors.imports.contracts.rows import Kind, Party, Place, Refused
from vendors.imports.ocds.saying import LONGEST_NAME, ReadError, day
from vendors.models import Service

LISTS = ("Products", "Agencies", "AtoMapping", "ReuseMapping")
AGENCY_SCHEME, PROVIDER_SCHEME = "FedRAMP", "US-UEI"
UEI = re.compile(r"[A-Z0-9]{12}", re.ASCII)
# How the file says that there is nothing to say.
NOTHING = frozenset({"", "N/A", "Not Active", "Not In Process"})
# A board that authorized products for all; it uses none of them.
BOARD = "Legacy JAB Authorization"
LIFECYCLES = {
    "FedRAMP Authorized": Service.Lifecycle.LIVE,
    "FedRAMP In Process": Service.Lifecycle.IN_DELIVERY,
    "FedRAMP Ready": Service.Lifecycle.BUSINESS_CASE,
}
LONGEST_ID, LONGEST_SERVICE = 100, 500
Object = dict[str, Any]


class NoCatalogueError(ValueError):
    """A file that is no catalogue; the message says why in plain words."""


class Catalogue:
    """What a file says, and what of it cannot be taken."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name = name
        self.refused: list[Refused] = []
        lists = _lists(file)
        self.agencies = {_id(each, "id"): _agency(each, "id") for each in lists["Agencies"]}
        self.agencies_by_name = {
            (_said(each, "parent"), _said(each, "sub")): self.agencies[_id(each, "id")] for each in lists["Agencies"]
        }
        self.providing = _by_one_name(self.agencies.values())
        self.services: dict[str, ServiceRow] = {}
        for position, each in enumerate(lists["Products"], start=1):
            self._take_product(each, Place(name, position))
        self.uses: dict[tuple[str, Party], UseRow] = {}
        self._take_uses(lists["AtoMapping"], "agency_id")
        self._take_uses(lists["ReuseMapping"], "sub_id")

    def _refuse(self, kind: Kind, place: Place, key: str, reason: str) -> None:
        self.refused.append(Refused(kind, place, key, reason))

    def _take_product(self, product: Object, place: Place) -> None:
        key = _id(product, "id")
        try:
            row = self._service(product, key, place)
        except ReadError as error:
            self._refuse(Kind.SERVICE, place, key, str(error))
            return
        if key in self.services:
            self._refuse(Kind.SERVICE, place, key, _("The file lists this product twice; its first row counts."))
            return
        self.services[key] = row

    def _service(self, product: Object, key: str, place: Place) -> ServiceRow:
        if not key or len(key) > LONGEST_ID or NOT_IN_CODES.search(key):
            raise ReadError(
                _("Its id is missing, too long, or has other signs than letters, digits, “.”, “_” and “-”.")
            )
        # Some providers are given with the product behind: “Deltek - Replicon”.
        provider = _said(product, "csp").partition(" - ")[0].strip()[:LONGEST_NAME]
        name = (_said(product, "cso") or _said(product, "service_offering"))[:LONGEST_SERVICE]
        if not provider:
            raise ReadError(_("It names no provider (“csp”)."))
        if not name:
            raise ReadError(_("It has no name (“cso”)."))
        status = _said(product, "status")
        if status not in LIFECYCLES:
            wanted = ", ".join(LIFECYCLES)
            raise ReadError(
                _("Its status is “%(status)s”; expected: %(wanted)s.") % {"status": status, "wanted": wanted}
            )
        agency = self.providing.get(_short(provider))
        return ServiceRow(
            place=place,
            key=key,
            name=name,
            description=_description(product, status),
            lifecycle=LIFECYCLES[status],
            provider=Party(provider, self._identifiers(product, key, place)) if agency is None else agency,
            is_governmental=agency is not None or _is_governmental(product),
        )

    def _identifiers(self, product: Object, key: str, place: Place) -> tuple[tuple[str, str], ...]:
        uei = _said(product, "uei").upper()
        if not uei:
            return ()
        if UEI.fullmatch(uei):
            return ((PROVIDER_SCHEME, uei),)
        reason = _("“%(uei)s” is no UEI: that has 12 letters and digits. Its provider is known by the name alone.")
        self._refuse(Kind.IDENTIFIER, place, key, reason % {"uei": uei[:40]})
        return ()

    def _take_uses(self, rows: Iterable[Object], id_name: str) -> None:
        for position, row in enumerate(rows, start=1):
            place, key = Place(self.name, position), _id(row, "id")
            try:
                use = self._use(row, key, place, id_name)
            except ReadError as error:
                self._refuse(Kind.SUBSCRIPTION, place, f"{key} {_said(row, 'sub') or _said(row, 'parent')}", str(error))
                continue
            same = (key, use.agency.party)
            self.uses[same] = self.uses[same].joined(use) if same in self.uses else use

    def _use(self, row: Object, key: str, place: Place, id_name: str) -> UseRow:
        if key not in self.services:
            raise ReadError(_("It names a product that the file does not list, so its provider is not known."))
        if _said(row, "parent") == BOARD:
            raise ReadError(_("A board authorized this product for all agencies; it is no agency that uses it."))
        starts_on, ends_on = _day(row, "ato_date"), _day(row, "exp_date")
        if starts_on is None:
            raise ReadError(_("It says no day of authorization (“ato_date”)."))
        if ends_on is not None and ends_on < starts_on:
            days = {"end": ends_on, "start": starts_on}
            raise ReadError(_("It ends on %(end)s, before it starts on %(start)s.") % days)
        return UseRow(place, self.services[key], self._agency_of(row, id_name), starts_on, ends_on)

    def _agency_of(self, row: Object, id_name: str) -> AgencyRow:
        """The agency a row names: by id, else by its names, else as the row itself describes it."""
        known = self.agencies.get(_id(row, id_name) or _id(row, "agency_id"))
        known = known or self.agencies_by_name.get((_said(row, "parent"), _said(row, "sub")))
        if known is not None:
            return known
        if not _said(row, "parent"):
            raise ReadError(_("It names no agency."))
        return _agency(row, id_name)


def _short(name: str) -> str:
    """Providers write out whose department they are, agencies do not."""
    return name.removeprefix("United States ").casefold()


def _by_one_name(agencies: Iterable[AgencyRow]) -> dict[str, Party]:
    """Agencies by name, but for names that several have, such as Office of Inspector General."""
    parties = [agency.party for agency in agencies]
    often = Counter(_short(party.name) for party in parties)
    return {_short(party.name): party for party in parties if often[_short(party.name)] == 1 and party.name}


def _lists(file: BinaryIO) -> dict[str, list[Object]]:
    try:
        content = json.load(file)
    except (ValueError, RecursionError):
        raise NoCatalogueError(_("The file cannot be read: it is no JSON.")) from None
    data = content.get("data") if isinstance(content, dict) else None
    lists = {name: data.get(name) if isinstance(data, dict) else None for name in LISTS}
    missing = [name for name, rows in lists.items() if not isinstance(rows, list)]
    if missing:
        raise NoCatalogueError(
            _("The file is no catalogue of the FedRAMP Marketplace: its “data” lacks the list %(names)s.")
            % {"names": ", ".join(missing)}
        )
    return {name: [row for row in rows or () if isinstance(row, dict)] for name, rows in lists.items()}


def _said(row: Object, name: str) -> str:
    value = row.get(name)
    # A sign that no text may have in the database says nothing to people either.
    said = " ".join(value.replace("\0", "").split()) if isinstance(value, str) else ""
    return "" if said in NOTHING else said


def _id(row: Object, name: str) -> str:
    value = row.get(name)
    return str(value).strip() if isinstance(value, str | int) else ""


def _is_governmental(product: Object) -> bool:
    """Whether a product is offered from an address that only governments have."""
    try:
        host = urlsplit(_said(product, "website")).hostname or ""
    except ValueError:
        return False
    return host.endswith((".gov", ".mil"))


def _day(row: Object, name: str) -> datetime.date | None:
    return day(_said(row, name))


def _agency(row: Object, id_name: str) -> AgencyRow:
    """An agency with its department; a row that gives the agency's id apart gives the department's beside it."""
    parent, sub = (_said(row, name)[:LONGEST_NAME] for name in ("parent", "sub"))
    own = _id(row, id_name) or _id(row, "agency_id")
    if not sub:
        return AgencyRow(_numbered(parent, own))
    # The number of a department stands before those of its parts: 22-034 of 22-034-02.
    return AgencyRow(_numbered(sub, own), parent=_numbered(parent, "-".join(own.split("-")[:2])))


def _numbered(name: str, number: str) -> Party:
    return Party(name, ((AGENCY_SCHEME, number),) if number else ())


def _description(product: Object, status: str) -> str:
    models = product.get("service_model")
    said = ", ".join(each for each in models if isinstance(each, str)) if isinstance(models, list) else ""
    facts = [
        status,
        _("impact level %(level)s") % {"level": _said(product, "impact_level")}
        if _said(product, "impact_level")
        else "",
        said,
        _said(product, "deployment_model"),
    ]
    described = product.get("service_desc")
    text = described.replace("\0", "").strip() if isinstance(described, str) else ""
    return "\n\n".join(filter(None, ["; ".join(filter(None, facts)), "" if text in NOTHING else text]))
