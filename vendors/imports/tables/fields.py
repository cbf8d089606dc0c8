"""Fields that tables of contracts and of payments may have, and what else sources call them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vendors.models import ContractImport, KeptTableRow

Holds = ContractImport.Holds
TEXT, DATE, AMOUNT = "text", "date", "amount"


@dataclass(frozen=True)
class Field:
    """One thing to read: how headers call it, what kind of cells it takes and how long they may be.

    A key is a name that rows are known by: a number, a year.
    """

    name: str
    label: str | Promise
    called: tuple[str, ...]
    kind: str = TEXT
    longest: int = 0
    help: str | Promise = ""
    is_key: bool = False


NUMBER = Field(
    "number",
    _("Contract number"),
    ("contract number", "contract no", "contract id", "original contract id", "po number", "number", "contract"),
    longest=120,
    help=_("Rows of one number are one contract."),
    is_key=True,
)
TITLE = Field(
    "title",
    _("Title"),
    ("contract title", "title", "short desc", "description", "purchase order description"),
    longest=500,
)
VENDOR = Field(
    "vendor", _("Vendor"), ("vendor name", "supplier name", "vendor", "supplier", "payee", "contractor"), longest=250
)
VENDOR_ID = Field(
    "vendor_id",
    _("Vendor's number"),
    ("vendor id", "vendor number", "supplier id", "supplier number"),
    longest=200,
    help=_("By it a vendor is known again, whatever its name."),
    is_key=True,
)
ADDRESS = (
    Field("street", _("Vendor's street"), ("address 1", "street address", "address", "street"), longest=200),
    Field("city", _("Vendor's city"), ("city",), longest=100),
    Field("state", _("Vendor's state"), ("state",), longest=60),
    Field("zip", _("Vendor's ZIP code"), ("zip", "zip code", "postal code"), longest=20),
)
AGENCY = Field(
    "agency", _("Agency"), ("department name", "department", "agency name", "agency", "organization"), longest=250
)

CONTRACT_FIELDS = (
    NUMBER,
    Field(
        "revision",
        _("Revision"),
        ("revision number", "current item id", "amendment number", "modification number", "revision", "amendment"),
        longest=200,
        help=_("The first one is what was agreed, each later one an amendment."),
        is_key=True,
    ),
    TITLE,
    VENDOR,
    VENDOR_ID,
    AGENCY,
    Field("starts_on", _("Starts"), ("start date", "start dt", "begin date", "effective date", "start"), DATE),
    Field("ends_on", _("Ends"), ("end date", "end dt", "expiration date", "end"), DATE),
    Field("signed_on", _("Signed"), ("approval date", "signed on", "signature date", "award date", "approved"), DATE),
    Field("amount", _("Amount"), ("award amount", "contract amount", "amount", "amt", "value"), AMOUNT),
    *ADDRESS,
)
PAYMENT_FIELDS = (
    NUMBER,
    Field(
        "order",
        _("Purchase order"),
        ("purchase order", "purchase order number", "po number", "order"),
        longest=120,
        help=_("Where a row names no contract, its purchase order is one."),
        is_key=True,
    ),
    TITLE,
    VENDOR,
    VENDOR_ID,
    AGENCY,
    Field(
        "year",
        _("Fiscal year"),
        ("fiscal year", "year"),
        help=_("What one agency paid one vendor under one contract in a year is one payment."),
        is_key=True,
    ),
    Field("paid_on", _("Paid on"), ("payment date", "check date", "paid on", "date"), DATE),
    Field("amount", _("Amount paid"), ("vouchers paid", "amount paid", "payment amount", "amount", "paid"), AMOUNT),
    *ADDRESS,
)


@dataclass(frozen=True)
class Shape:
    """A kind of table: what can be read of it, and of which fields one each is needed."""

    kind: str
    fields: tuple[Field, ...]
    needed: tuple[tuple[str, ...], ...]

    def field(self, name: str) -> Field | None:
        """The field of a name, if there is one."""
        return next((each for each in self.fields if each.name == name), None)

    def lacking(self, mapped: Iterable[str]) -> list[str]:
        """In words, what a mapping of these fields lacks."""
        known = set(mapped)
        return [
            " / ".join(str(each.label) for each in self.fields if each.name in names)
            for names in self.needed
            if not known.intersection(names)
        ]


SHAPES = {
    Holds.CONTRACT_TABLE.value: Shape(KeptTableRow.Kind.REVISION, CONTRACT_FIELDS, (("number",), ("vendor",))),
    Holds.PAYMENT_TABLE.value: Shape(
        KeptTableRow.Kind.PAYMENT,
        PAYMENT_FIELDS,
        (("number", "order"), ("vendor",), ("amount",), ("year", "paid_on")),
    ),
}
