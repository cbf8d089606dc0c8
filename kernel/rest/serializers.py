"""Field types of the API: months, money, references by natural key."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.editing import MonthField
from kernel.filters import MONTH_SCHEMA


@extend_schema_field(MONTH_SCHEMA)
class MonthSerializerField(serializers.DateField):
    """A calendar month, written 2020-07."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m", input_formats=["%Y-%m"], **kwargs)


class RowSerializer(serializers.ModelSerializer[Any]):
    """One row of a model."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        MonthField: MonthSerializerField,
    }


class MoneySerializer(serializers.Serializer[Any]):
    """An amount of money: exact decimal text, and its currency."""

    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    currency = serializers.CharField(help_text=_("ISO 4217 code such as USD."))


def money(amount: Decimal | None, currency: str) -> dict[str, Any] | None:
    """An amount as the API writes it; none where there is no amount."""
    return None if amount is None else MoneySerializer({"amount": amount, "currency": currency}).data
