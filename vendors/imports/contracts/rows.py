"""Rows of files of contracts, in our words, and what was refused."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What pieces of a file become; refused ones are counted under what they would have become."""

    FILE = "file", _("Files")
    RELEASE = "release", _("Releases")
    ROW = "row", _("Rows")
    PROCESS = "process", _("Contracting processes")
    ORGANIZATION = "organization", _("Organizations")
    IDENTIFIER = "identifier", _("Identifiers")
    ALIAS = "alias", _("Aliases")
    ADDRESS = "address", _("Addresses")
    VENDOR = "vendor", _("Vendors")
    CONTRACT = "contract", _("Contracts")
    CO_SUPPLIER = "co_supplier", _("Co-suppliers")
    AMENDMENT = "amendment", _("Amendments")
    MILESTONE = "milestone", _("Milestones")
    PAYMENT = "payment", _("Payments")
    SERVICE = "service", _("Services")
    SUBSCRIPTION = "subscription", _("Subscriptions")
    FIGURE = "figure", _("Single figures and dates")


@dataclass(frozen=True)
class Place:
    """Where something stands: its file, and which release or record of it."""

    file: str
    position: int = 0


@dataclass(frozen=True)
class Refused:
    """A piece that is not taken, and why."""

    kind: Kind
    place: Place
    key: str
    reason: str


@dataclass(frozen=True)
class Release:
    """What a file says of one contracting process at one time."""

    place: Place
    ocid: str
    release_id: str
    date: str
    is_compiled: bool
    content: dict[str, Any]


@dataclass(frozen=True)
class Party:
    """An organization as a source names it."""

    name: str
    identifiers: tuple[tuple[str, str], ...] = ()
    other_names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Money:
    """An amount in a currency."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class AmendmentRow:
    """A change of a contract."""

    reference: str
    signed_on: datetime.date | None
    description: str
    reason: str
    value_change: Decimal | None
    new_ends_on: datetime.date | None


@dataclass(frozen=True)
class MilestoneRow:
    """What a contract is to reach."""

    reference: str
    title: str
    description: str
    due_on: datetime.date | None
    met_on: datetime.date | None
    status: str


@dataclass(frozen=True)
class PaymentRow:
    """What was paid."""

    reference: str
    paid_on: datetime.date
    money: Money
    payer: Party | None
    payee: Party | None


@dataclass(frozen=True)
class ContractRow:
    """One contract, and all that hangs on it."""

    place: Place
    ocid: str
    key: str
    title: str
    description: str
    category: str
    status: str
    agency: Party
    vendors: tuple[Party, ...]
    value: Money | None
    signed_on: datetime.date | None
    starts_on: datetime.date
    ends_on: datetime.date | None
    amendments: list[AmendmentRow] = field(default_factory=list)
    milestones: list[MilestoneRow] = field(default_factory=list)
    payments: list[PaymentRow] = field(default_factory=list)
