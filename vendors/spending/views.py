"""The page about spending."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from kernel.access import STAFF_AND_AGENCIES
from kernel.exports import CONTENT_TYPES, export
from kernel.figures import money_text, percent_text
from kernel.pages import PlainPage
from vendors.models import Contract, Vendor
from vendors.spending.figures import FEW, SHOWN, Basis, Spending, default_basis

Row = dict[str, Any]


class SpendingPage(PlainPage):
    """On whom, for whom, on what and when the state spends; how much hangs on few, and what nobody oversees."""

    open_to = STAFF_AND_AGENCIES
    template_name = "vendors/spending/spending.html"

    @cached_property
    def basis(self) -> Basis:
        """What the address asks for."""
        wanted = self.request.GET.get("basis", "")
        return Basis(wanted) if wanted in Basis.values else default_basis(self.user)

    @cached_property
    def years(self) -> list[Row]:
        """What was spent in each fiscal year."""
        return Spending(self.user, self.basis).by_year()

    @cached_property
    def spending(self) -> Spending:
        """Of the year that the address asks for; one in which nothing was spent is as good as none."""
        wanted = self.request.GET.get("year", "")
        year = next((row["year"] for row in self.years if str(row["year"]) == wanted), None)
        return Spending(self.user, self.basis, year)

    def render_to_response(self, context: Row, **kwargs: Any) -> HttpResponse:
        wanted = self.request.GET.get("export", "")
        if wanted not in CONTENT_TYPES:
            return super().render_to_response(context, **kwargs)
        return export(exported(self.spending), export_format=wanted, name="spending")

    def get_context_data(self, **kwargs: Any) -> Row:
        spending, held = self.spending, self.spending.exposure()
        parts = {name: part_rows(spending, part, held["total"]) for name, part in PARTS.items()}
        return super().get_context_data(
            spending=spending,
            bases=Basis,
            years=[row["year"] for row in reversed(self.years)],
            by_year=[year_row(spending, row) for row in self.years],
            held=held,
            concentration=spending.concentration(),
            few=FEW,
            **parts,
            outside=part_rows(spending, OUTSIDE, held["outside"]),
            outside_share=held["outside"] / held["total"] if held["total"] > 0 else None,
            outside_href=contracts_at(spending, holder=Contract.Holder.AGENCY),
            elsewhere=spending.in_other_currencies(),
            **kwargs,
        )


@dataclass(frozen=True)
class Part:
    """One way to part spending: by which columns of the contract, how a part is called, which contracts it holds."""

    columns: tuple[str, ...]
    label: Callable[[Row], str]
    filters: Callable[[Row], dict[str, str]] | None = None
    holder: str = ""


PARTS = {
    "vendors": Part(
        ("vendor__organization__code", "vendor__organization__name"),
        lambda row: row["vendor__organization__name"],
        lambda row: {"vendor": row["vendor__organization__code"]},
    ),
    "agencies": Part(
        ("agency__code", "agency__name"),
        lambda row: row["agency__name"],
        lambda row: {"agency": row["agency__code"]},
    ),
    "categories": Part(
        ("category",),
        lambda row: str(Contract.Category(row["category"]).label) if row["category"] else _("No category given"),
        lambda row: {"category": row["category"]},
    ),
    "kinds": Part(("vendor__kind",), lambda row: str(Vendor.Kind(row["vendor__kind"]).label)),
}
OUTSIDE = replace(PARTS["agencies"], holder=Contract.Holder.AGENCY)


def part_rows(spending: Spending, part: Part, total: Decimal) -> list[Row]:
    """The largest parts with their share of `total`, and all others as one, for charts: one query."""
    found = list(spending.by(*part.columns, holder=part.holder)[:SHOWN])
    rows = [
        {"label": part.label(row), "href": _behind(spending, part, row), **_figures(row["spent"], total)}
        for row in found
    ]
    rest = total - sum((row["spent"] for row in found), Decimal(0))
    return [*rows, {"label": _("All others"), "tone": "line", **_figures(rest, total)}] if rest else rows


def _behind(spending: Spending, part: Part, row: Row) -> str:
    if part.filters is None:
        return ""
    return contracts_at(spending, holder=part.holder, **part.filters(row))


def _figures(spent: Decimal, total: Decimal) -> Row:
    note = percent_text(spent / total) if total > 0 and spent > 0 else ""
    return {"value": spent, "text": money_text(spent, settings.CURRENCY), "note": note}


def year_row(spending: Spending, row: Row) -> Row:
    """One fiscal year in the chart of all."""
    query = urlencode({"basis": spending.basis, "year": row["year"]})
    tone = "primary" if spending.year in (None, row["year"]) else "line"
    figures = {"value": row["spent"], "text": money_text(row["spent"], settings.CURRENCY), "tone": tone}
    return {"label": year_name(row["year"]), "href": f"?{query}", **figures}


def year_name(year: int) -> str:
    """A fiscal year as pages call it."""
    return _("FY%(year)d") % {"year": year}


def contracts_at(spending: Spending, **filters: str) -> str:
    """The list of the contracts behind a figure: where the figure is of today, those in force."""
    is_of_today = spending.basis == Basis.COMMITTED and spending.year is None
    query = {name: value for name, value in filters.items() if value} | ({"in_force": "true"} if is_of_today else {})
    address = reverse("vendors:contract_list")
    return f"{address}?{urlencode(query)}" if query else address


def exported(spending: Spending) -> Iterator[list[Any]]:
    """Every vendor, agency, category and holder with what was spent, as rows of a file: one query."""
    yield [
        _("Vendor"),
        _("Code"),
        _("Agency"),
        _("Code of agency"),
        _("Category"),
        _("Held by"),
        _("Contracts"),
        _("Amount"),
    ]
    columns = (*PARTS["vendors"].columns, *PARTS["agencies"].columns, "category", "holder")
    for row in spending.by(*columns):
        category = Contract.Category(row["category"]).label if row["category"] else ""
        yield [
            row["vendor__organization__name"],
            row["vendor__organization__code"],
            row["agency__name"],
            row["agency__code"],
            category,
            Contract.Holder(row["holder"]).label,
            row["contracts"],
            row["spent"],
        ]
