"""Rows as the API writes them: their fields as the model says them, months, money, references by natural key."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kernel.editing import MoneyField, MonthField, Versioned, key_path
from kernel.filters import MONTH_SCHEMA
from kernel.subjects.declaring import Subject
from kernel.subjects.rest import SubjectField


@extend_schema_field(MONTH_SCHEMA)
class MonthSerializerField(serializers.DateField):
    """A calendar month, written 2020-07."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m", input_formats=["%Y-%m"], **kwargs)


class MoneySerializer(serializers.Serializer[Any]):
    """An amount of money: exact decimal text, and its currency."""

    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    currency = serializers.CharField(help_text=_("ISO 4217 code such as USD."))


def money(amount: Decimal | None, currency: str) -> dict[str, Any] | None:
    """An amount as the API writes it; none where there is no amount."""
    return None if amount is None else MoneySerializer({"amount": amount, "currency": currency}).data


@extend_schema_field(MoneySerializer)
class MoneySerializerField(serializers.Field[Any, Any, Any, Any]):
    """An amount and its currency, one value of two columns: the field's own and `currency`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", **kwargs)

    def to_representation(self, row: Any) -> dict[str, Any] | None:
        return money(getattr(row, str(self.field_name)), row.currency)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if data is None:
            return {str(self.field_name): None}
        given = MoneySerializer(data=data)
        given.is_valid(raise_exception=True)
        return {str(self.field_name): given.validated_data["amount"], "currency": given.validated_data["currency"]}


class RowSerializer(serializers.ModelSerializer[Any]):
    """One row of a model: its key, what it is part of, what people write of it, its version.

    A declared field stands in the place of the column it reads. `after` says which further ones follow which;
    what it does not place comes last. A `Meta` that lists `fields` has its own way.
    """

    after: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    last_fields: ClassVar[tuple[str, ...]] = ("version",)
    # Whether all of it is only ever read; the API's description then says so of each field.
    is_read_only: ClassVar[bool] = False

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        MonthField: MonthSerializerField,
    }

    def get_field_names(self, declared_fields: Mapping[str, serializers.Field], info: Any) -> list[str]:
        if hasattr(self.Meta, "fields"):
            return list(super().get_field_names(declared_fields, info))
        model: type[Versioned] = self.Meta.model
        reading = {str(field.source): name for name, field in declared_fields.items() if field.source}
        names = [reading.get(name, name) for name in self.row_fields(model, declared_fields)]
        placed = {name for follow in self.after.values() for name in follow}
        others = [name for name in declared_fields if name not in placed and name not in names]
        return list(self.in_order([*names, *others, *self.last_fields]))

    def row_fields(self, model: type[Versioned], declared_fields: Mapping[str, Any]) -> list[str]:
        """The row's own fields; a currency is told with its amount."""
        parent = (model.PART_OF,) if model.PART_OF and model.PART_OF not in model.WRITTEN else ()
        names = dict.fromkeys((model.KEY.rpartition("__")[2], *parent, *model.WRITTEN))
        has_money = any(isinstance(field, MoneyField) for field in model._meta.fields)
        return [name for name in names if not (has_money and name == "currency")]

    def in_order(self, names: list[str] | tuple[str, ...]) -> Iterator[str]:
        """Fields, each followed by those that stand after it."""
        for name in names:
            yield name
            yield from self.in_order(self.after.get(name, ()))

    def get_uniqueness_extra_kwargs(self, field_names: Any, declared_fields: Any, extra_kwargs: Any) -> Any:
        """Nothing: what must be unique is for the model's own constraints to say."""
        return extra_kwargs, {}

    def get_validators(self) -> list[Any]:
        return []

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        if isinstance(model_field, MoneyField):
            return MoneySerializerField, {"required": False, "allow_null": True} if model_field.null else {}
        return super().build_standard_field(field_name, model_field)

    def build_property_field(self, field_name: str, model_class: Any) -> Any:
        if isinstance(vars(model_class)[field_name], Subject):
            return SubjectField, {"model": model_class}
        return super().build_property_field(field_name, model_class)

    def build_relational_field(self, field_name: str, relation_info: Any) -> Any:
        target = relation_info.related_model
        if relation_info.to_many or not issubclass(target, Versioned):
            return super().build_relational_field(field_name, relation_info)
        return reference_field(field_name, target, is_nullable=relation_info.model_field.null)

    def include_extra_kwargs(self, kwargs: Any, extra_kwargs: Any) -> Any:
        extra = {**extra_kwargs, "read_only": True} if self.is_read_only else extra_kwargs
        return super().include_extra_kwargs(kwargs, extra)


class ReferenceSerializer(RowSerializer):
    """A row where another one refers to it."""

    is_read_only = True

    def get_field_names(self, declared_fields: Mapping[str, serializers.Field], info: Any) -> list[str]:
        model: Any = self.Meta.model
        return list(model.REFERENCE)


@cache
def reference_to(model: type[Versioned]) -> type[ReferenceSerializer]:
    """The serializer of references to a model: one that is written down, else one that says what it is."""
    for each in ReferenceSerializer.__subclasses__():
        if each.Meta.model is model:
            return each
    fields: list[Any] = [model._meta.get_field(name) for name in model.REFERENCE]
    facts = ", ".join(str(field.verbose_name) for field in fields)
    words = f"{capfirst(str(model._meta.verbose_name))}, in short: {facts}."
    body = {"__doc__": words, "Meta": type("Meta", (), {"model": model})}
    return type(f"{model.__name__}ReferenceSerializer", (ReferenceSerializer,), body)


def reference_field(name: str, target: type[Versioned], *, is_nullable: bool) -> tuple[type[Any], dict[str, Any]]:
    """How a row is referred to: in short, or by its key alone."""
    holder, hops = key_path(target)
    kwargs: dict[str, Any] = {"read_only": True, "allow_null": True} if is_nullable else {"read_only": True}
    if holder.REFERENCE:
        return reference_to(holder), {**kwargs, "source": ".".join((name, *hops))} if hops else kwargs
    key: Any = holder._meta.get_field(target.KEY.rpartition("__")[2])
    words = {"key": capfirst(key.verbose_name), "row": holder._meta.verbose_name}
    kwargs |= {"source": ".".join((name, *hops, key.name)), "help_text": gettext("%(key)s of the %(row)s.") % words}
    return serializers.CharField, kwargs
