"""A model's fields, said once: what it says is true of it, and forms, API and history follow."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from rest_framework import serializers

from kernel.accounts.models import User
from kernel.directory.models import Contact
from kernel.editing import Versioned, key_path, own_fields
from kernel.forms import ScopedModelForm, form_of
from kernel.rest.serializers import RowSerializer, reference_to
from kernel.rest.viewsets import with_references
from kernel.rest.writing import KeyField, WriteSerializer
from kernel.subjects.declaring import Subject
from kernel.tracking import telling_of, told
from metrics.models import Outcome
from tests.conftest import Cast, World
from vendors.models import Amendment, Contract, Integration, Milestone, Service, Vendor

Login = Callable[[User], Client]


def models_people_write() -> list[type[Versioned]]:
    return [model for model in apps.get_models() if issubclass(model, Versioned) and model.WRITTEN]


@pytest.mark.parametrize("model", models_people_write(), ids=lambda model: model._meta.label)
def test_what_a_model_says_of_its_fields_is_true(model: type[Versioned]) -> None:
    names = {field.name for field in model._meta.concrete_fields}
    subjects = {name for name, value in vars(model).items() if isinstance(value, Subject)}
    assert {*model.WRITTEN, *filter(None, [model.PART_OF])} - subjects <= names
    assert set(model.UNTOLD) <= set(model.WRITTEN)
    assert all(model._meta.get_field(name).editable for name in {*model.WRITTEN} - subjects)
    holder, _hops = key_path(model)
    assert holder._meta.get_field(model.KEY.rpartition("__")[2]).unique
    assert all(holder._meta.get_field(name).concrete for name in model.REFERENCE)


def test_a_plain_model_needs_no_lists() -> None:
    class Form(ScopedModelForm):
        class Meta:
            model = Milestone

    class Row(RowSerializer):
        class Meta:
            model = Milestone

    class Body(WriteSerializer):
        class Meta:
            model = Milestone

    written = ("reference", "title", "description", "due_on", "met_on", "status")
    assert tuple(Form.base_fields) == tuple(form_of(Milestone).base_fields) == own_fields(Milestone) == written
    assert tuple(Row().fields) == ("id", "contract", *written, "version")
    assert tuple(Body().fields) == ("contract", *written)
    assert Body(Milestone()).given_once() == ("contract",)
    assert telling_of(Milestone).readable == {"agency_member": written, "vendor_member": written}


def test_the_row_it_is_part_of_stands_where_the_model_says() -> None:
    class Body(WriteSerializer):
        class Meta:
            model = Integration

    assert own_fields(Integration) == ("integrator", "service", "starts_on", "ends_on")
    assert tuple(Body().fields) == Integration.WRITTEN
    assert Body(Integration()).given_once() == ("supplier",)


def test_a_declared_field_stands_in_the_place_of_its_column() -> None:
    class Row(RowSerializer):
        after = {"office": ("due",)}
        office = serializers.CharField(source="organization.name")
        due = serializers.CharField()
        last = serializers.CharField()
        agency = KeyField(slug_field="code", source="organization", read_only=True)

        class Meta:
            model = Outcome

    assert list(Row().fields) == [
        "code",
        "name",
        "description",
        "agency",
        "retired_on",
        "office",
        "due",
        "last",
        "version",
    ]


def test_a_profile_is_referred_to_by_its_organization() -> None:
    class Row(RowSerializer):
        class Meta:
            model = Contract

    shown = Row().fields
    assert (shown["vendor"].source, list(shown["vendor"].fields)) == ("vendor.organization", ["code", "name"])
    assert (shown["agency"].source, list(shown["agency"].fields)) == ("agency", ["code", "name"])


def test_a_reference_says_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Outcome, "REFERENCE", ("code", "name"))
    reference = reference_to.__wrapped__(Outcome)
    assert reference.__name__ == "OutcomeReferenceSerializer"
    assert reference.__doc__ == "Outcome, in short: code, name."
    assert all(field.read_only for field in reference().fields.values())


def test_what_nothing_names_is_not_written_into_a_body(monkeypatch: pytest.MonkeyPatch) -> None:
    class Body(WriteSerializer):
        class Meta:
            model = Contract

    monkeypatch.setattr(Vendor, "KEY", "id")
    with pytest.raises(TypeError, match="vendor refers to rows that nothing names"):
        list(Body().fields)


def test_a_row_refers_to_what_its_reader_sees(cast: Cast, world: World) -> None:
    Service.objects.filter(code="hosting").update(contract=world.other_contract)

    def contract_for(user: User) -> Contract | None:
        service: Service = with_references(Service.objects.visible_to(user), user).get(code="hosting")
        return service.contract

    assert contract_for(cast.cio) == world.other_contract
    assert contract_for(cast.agency_member) is None


def test_partners_are_told_what_is_written_but_the_untold() -> None:
    class Plain:
        WRITTEN = ("name",)

    told(to=("agency_member",), also=("code",))(Plain)  # type: ignore[type-var,arg-type]  # no model at all
    assert telling_of(Plain).readable == {"agency_member": ("code",)}  # type: ignore[arg-type]  # as above
    readable = telling_of(Contract).readable["agency_member"]
    assert "number" in readable
    assert not {"criticality", "holder"} & set(readable)
    assert telling_of(Contact).readable["vendor_member"] == Contact.WRITTEN
    assert telling_of(Amendment).readable["vendor_member"] == Amendment.WRITTEN


@pytest.mark.parametrize(
    ("value", "missing"), [({"amount": "5.00"}, "value.currency"), ({"currency": "USD"}, "value.amount")]
)
def test_half_an_amount_of_money_is_no_change(
    cast: Cast, world: World, login: Login, value: dict[str, str], missing: str
) -> None:
    before = Contract.objects.values_list("value", "currency").get(number="C-1")
    answer = change_value(login(cast.cio), value)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, [missing])
    assert Contract.objects.values_list("value", "currency").get(number="C-1") == before


def test_an_amount_of_money_may_be_taken_away(cast: Cast, world: World, login: Login) -> None:
    assert change_value(login(cast.cio), None).json()["value"] is None
    assert Contract.objects.get(number="C-1").value is None


def change_value(client: Client, value: object) -> Any:
    """Change what a contract is worth, as it now is."""
    return client.patch(
        "/api/v1/contracts/C-1/", {"value": value}, content_type="application/json", headers={"If-Match": "*"}
    )
