"""Spending over the API: the figures of the page, parted as the reader asks."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel.access import STAFF_AND_AGENCIES, acting_in
from kernel.rest.lists import asked
from kernel.rest.serializers import MoneySerializer, money
from kernel.rest.viewsets import PrivateAnswers
from vendors.spending.figures import FEW, Basis, Spending, default_basis


class By(TextChoices):
    """How spending is parted."""

    VENDOR = "vendor", _("By vendor")
    AGENCY = "agency", _("By agency")
    CATEGORY = "category", _("By category")
    HOLDER = "holder", _("By who holds the contract")
    YEAR = "year", _("By fiscal year")


# The columns of a contract that hold a part's key and name.
COLUMNS = {
    By.VENDOR: ("vendor__organization__code", "vendor__organization__name"),
    By.AGENCY: ("agency__code", "agency__name"),
    By.CATEGORY: ("category", "category"),
    By.HOLDER: ("holder", "holder"),
}


FIRST_YEAR, LAST_YEAR = 1900, 2200
YEAR = {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}


class SpendingForm(forms.Form):
    """What the query says."""

    by = forms.ChoiceField(choices=By.choices, required=False)
    basis = forms.ChoiceField(choices=Basis.choices, required=False)
    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)


class PartSerializer(serializers.Serializer[Any]):
    """One part of spending."""

    key = serializers.CharField(help_text=_("A code, a word or a year, by what spending is parted."))
    name = serializers.CharField()
    amount = MoneySerializer()
    contracts = serializers.IntegerField(help_text=_("How many contracts it was spent on."))


class ConcentrationSerializer(serializers.Serializer[Any]):
    """How much of all spending goes to how few vendors."""

    vendors = serializers.IntegerField()
    share_of_largest = serializers.DecimalField(
        9, 6, allow_null=True, help_text=_("What the %(few)d largest vendors get of all, 0 to 1.") % {"few": FEW}
    )
    index = serializers.DecimalField(
        11, 6, allow_null=True, help_text=_("Herfindahl-Hirschman index: 0 to 10,000, a single vendor.")
    )


class SpendingSerializer(serializers.Serializer[Any]):
    """What is spent on the contracts that you may see, in the state's own currency."""

    basis = serializers.ChoiceField(Basis.choices)
    year = serializers.IntegerField(
        allow_null=True, help_text=_("The fiscal year; null: ever paid, or in force today.")
    )
    total = MoneySerializer()
    outside = MoneySerializer(help_text=_("Of the total, on contracts that agencies hold without the CIO's office."))
    contracts = serializers.IntegerField()
    contracts_outside = serializers.IntegerField()
    in_other_currencies = serializers.IntegerField(help_text=_("How many contracts or payments are left out."))
    concentration = ConcentrationSerializer()
    by = serializers.ChoiceField(By.choices)
    parts = PartSerializer(many=True, help_text=_("The largest first; years in their order."))


def parameter(name: str, words: Any, **schema: Any) -> OpenApiParameter:
    """How a query parameter is described."""
    return OpenApiParameter(name, OpenApiTypes.STR, description=words, **schema)


class SpendingView(PrivateAnswers, APIView):
    """What is spent, on whom, for whom and when."""

    resource = "spending"

    @extend_schema(
        operation_id="spending_retrieve",
        summary="Read what is spent",
        parameters=[
            parameter("by", _("How it is parted; left out: by vendor."), enum=By.values),
            parameter("basis", _("What counts; left out: what was paid, where that is known."), enum=Basis.values),
            OpenApiParameter(
                "year", {"type": "integer", "minimum": 1900, "maximum": 2200}, description=_("Fiscal year.")
            ),
        ],
        responses=SpendingSerializer,
    )
    def get(self, request: Request) -> Response:
        """Read what is spent on the contracts that you may see, in all and parted as you ask."""
        actor = acting_in(request.user, STAFF_AND_AGENCIES)
        query = asked(request, SpendingForm)
        basis = Basis(query["basis"]) if query["basis"] else default_basis(actor)
        spending = Spending(actor, basis, query["year"])
        return Response(SpendingSerializer(told(spending, By(query["by"] or By.VENDOR))).data)


def told(spending: Spending, by: By) -> dict[str, Any]:
    """All figures of an answer: five queries."""
    held, concentration = spending.exposure(), spending.concentration()
    return {
        "basis": spending.basis,
        "year": spending.year,
        "total": own_money(held["total"]),
        "outside": own_money(held["outside"]),
        "contracts": held["contracts"],
        "contracts_outside": held["contracts_outside"],
        "in_other_currencies": spending.in_other_currencies(),
        "concentration": {
            "vendors": concentration.vendors,
            "share_of_largest": concentration.share_of_few,
            "index": concentration.index,
        },
        "by": by,
        "parts": parts(spending, by),
    }


def parts(spending: Spending, by: By) -> list[dict[str, Any]]:
    """Spending parted: one query."""
    if by == By.YEAR:
        years = [row for row in spending.by_year() if spending.year in (None, row["year"])]
        return [part(row["year"], row["year"], row) for row in years]
    key, name = COLUMNS[by]
    return [part(row[key], row[name], row) for row in spending.by(*dict.fromkeys((key, name)))]


def part(key: Any, name: Any, row: dict[str, Any]) -> dict[str, Any]:
    """One part as the API writes it."""
    return {"key": str(key), "name": str(name), "amount": own_money(row["spent"]), "contracts": row["contracts"]}


def own_money(amount: Any) -> Any:
    """An amount in the state's own currency."""
    return money(amount, settings.CURRENCY)
