"""Spending as sums in the state's own currency, over the contracts that a user may see."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Sum, TextChoices, Value
from django.db.models.functions import ExtractYear
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.expressions import MonthsEarlier
from vendors.models import Contract, Payment

SHOWN, FEW = 10, 5
# The sum of squared shares in percent (Herfindahl-Hirschman index): US Merger Guidelines 2023, 2.1.
CONCENTRATED, HIGHLY_CONCENTRATED = 1_000, 1_800


class Basis(TextChoices):
    """What counts as spending."""

    PAID = "paid", _("What was paid")
    COMMITTED = "committed", _("What contracts are worth")


AMOUNTS = {Basis.PAID: "payments__amount", Basis.COMMITTED: "value"}
DAYS = {Basis.PAID: "payments__paid_on", Basis.COMMITTED: "starts_on"}
SIGNED = (Contract.Status.ACTIVE, Contract.Status.TERMINATED)
CURRENCIES = {Basis.PAID: "payments__currency", Basis.COMMITTED: "currency"}


@dataclass(frozen=True)
class Concentration:
    """How much of all spending goes to how few vendors; vendors that paid back more than they got are left out."""

    vendors: int
    total: Decimal
    few: Decimal  # what the largest `FEW` got
    index: Decimal | None  # 0 to 10,000: near 0 many equal vendors, 10,000 a single one

    @property
    def share_of_few(self) -> Decimal | None:
        """What the largest got of all, 0 to 1."""
        return self.few / self.total if self.total else None

    @property
    def degree(self) -> Promise | None:
        """The index in words."""
        if self.index is None:
            return None
        if self.index > HIGHLY_CONCENTRATED:
            return _("highly concentrated")
        return _("moderately concentrated") if self.index >= CONCENTRATED else _("not concentrated")


@dataclass(frozen=True)
class Spending:
    """What is spent on one basis in one fiscal year; without a year, what was ever paid or is in force today."""

    user: User
    basis: Basis
    year: int | None = None

    def of(self, **day: Any) -> Any:
        """The contracts whose amounts count; a payment is a row of its own.

        All conditions on payments stand in one call, for each further call would join them once more.
        """
        own = {CURRENCIES[self.basis]: settings.CURRENCY, f"{AMOUNTS[self.basis]}__isnull": False}
        signed = {} if self.basis == Basis.PAID else {"status__in": SIGNED}
        return Contract.objects.visible_to(self.user).filter(**own, **signed, **day).order_by()

    @property
    def contracts(self) -> Any:
        """The contracts of the year."""
        if self.year is not None:
            return self.of(**{f"{DAYS[self.basis]}__range": fiscal_year(self.year)})
        return self.of() if self.basis == Basis.PAID else self.of().in_force()

    def by(self, *columns: str, holder: str = "") -> QuerySet[Any]:
        """Sums by columns of the contract, the highest first, of all holders or of one: one query."""
        contracts = self.contracts.filter(holder=holder) if holder else self.contracts
        sums = contracts.values(*columns).annotate(spent=Sum(AMOUNTS[self.basis]), contracts=Count("pk", distinct=True))
        return sums.order_by("-spent", *columns)

    def by_year(self) -> list[dict[str, Any]]:
        """Sums of every fiscal year, the first year first: one query."""
        # So many months later, every day of a fiscal year lies in the calendar year that names it.
        months = (13 - settings.FISCAL_YEAR_START_MONTH) % 12
        year = ExtractYear(MonthsEarlier(F(DAYS[self.basis]), Value(-months)))
        sums = self.of().annotate(year=year).values("year")
        sums = sums.annotate(spent=Sum(AMOUNTS[self.basis]), contracts=Count("pk", distinct=True))
        return list(sums.order_by("year"))

    def concentration(self) -> Concentration:
        """How much goes to how few vendors: two queries."""
        per_vendor = self.contracts.values("vendor").annotate(spent=Sum(AMOUNTS[self.basis])).filter(spent__gt=0)
        found = per_vendor.aggregate(
            vendors=Count("*"), total=Sum("spent", default=0), squares=Sum(F("spent") * F("spent"))
        )
        few = sum(per_vendor.order_by("-spent").values_list("spent", flat=True)[:FEW], Decimal(0))
        index = 10_000 * found["squares"] / found["total"] ** 2 if found["total"] else None
        return Concentration(found["vendors"], found["total"], few, index)

    def exposure(self) -> dict[str, Any]:
        """All, and what agencies hold without the CIO's office: one query."""
        amount, outside = AMOUNTS[self.basis], Q(holder=Contract.Holder.AGENCY)
        return self.contracts.aggregate(
            total=Sum(amount, default=0),
            outside=Sum(amount, filter=outside, default=0),
            contracts=Count("pk", distinct=True),
            contracts_outside=Count("pk", filter=outside, distinct=True),
        )

    def in_other_currencies(self) -> int:
        """How many contracts or payments are left out, for their currency is another: one query."""
        rows: Any = Payment.objects if self.basis == Basis.PAID else Contract.objects
        return rows.visible_to(self.user).exclude(currency=settings.CURRENCY).count()


def default_basis(user: User) -> Basis:
    """What was paid, where that is known; else what contracts are worth: one query."""
    return Basis.PAID if Payment.objects.visible_to(user).exists() else Basis.COMMITTED


def fiscal_year(year: int) -> tuple[datetime.date, datetime.date]:
    """First and last day of a fiscal year, which is named by the calendar year it ends in."""
    month = settings.FISCAL_YEAR_START_MONTH
    start = datetime.date(year if month == 1 else year - 1, month, 1)
    return start, start.replace(year=start.year + 1) - datetime.timedelta(days=1)
