"""The history panel: who changed what from which value to which, and who may read it."""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal

import pghistory
import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from kernel.accounts.models import User
from kernel.accounts.operations import issue_token
from kernel.directory.models import Contact, Organization
from kernel.history import trail
from kernel.tracking import telling_of
from metrics.models import Measurement, Target
from tests.conftest import Cast, World
from vendors.models import Contract, Vendor

Login = Callable[[User], Client]
MARCH = datetime.date(2020, 3, 1)


def address(row: models.Model) -> str:
    return reverse("history:panel", args=[row._meta.app_label, row._meta.model_name, row.pk])


def text_of(response: object) -> str:
    assert response.status_code == 200
    words = strip_tags(response.content.decode())
    return re.sub(r"\s+", " ", words)


def test_it_tells_who_changed_what_from_which_value_to_which(cast: Cast, world: World, login: Login) -> None:
    with pghistory.context(user=cast.manager.pk, route="vendors:contract_update", key="1"):
        Contract.objects.filter(pk=world.contract.pk).update(
            title="Hosting for health", value=Decimal("1500000.5"), holder="agency", ends_on=datetime.date(2025, 6, 30)
        )
    words = text_of(login(cast.cio).get(address(world.contract)))
    assert "Marco changed this contract on the page “Edit contract”" in words
    assert "Title: from Agreement C-1 to Hosting for health" in words
    assert "Value: from 1,000,000 to 1,500,000.5" in words
    assert "Held by: from CIO&#x27;s office to Agency alone" in words
    assert "Ends on: set to June 30, 2025" in words
    assert "Criticality: from" not in words


def test_raw_sql_and_bulk_writes_are_told_too(cast: Cast, world: World, login: Login) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE vendors_contract SET criticality = 5")
    Vendor.objects.bulk_update([Vendor(pk=world.acme.pk, segment="strategic")], ["segment"])
    client = login(cast.cio)
    words = text_of(client.get(address(world.contract)))
    assert "The system changed this contract directly in the database" in words
    assert "Criticality: from 3 to 5" in words
    assert "Segment: from Operational to Strategic" in text_of(client.get(address(world.acme)))


def test_what_a_command_or_the_api_did_says_so(cast: Cast, world: World, login: Login) -> None:
    token, _secret = issue_token(
        user=cast.cio,
        name="Sync",
        scopes=["vendors:write"],
        expires_at=datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=1),
        by=cast.cio,
    )
    with pghistory.context(command="import_it_dashboard"):
        Vendor.objects.filter(pk=world.acme.pk).update(segment="tactical")
    with pghistory.context(user=cast.cio.pk, token=token.pk, route="api-vendors-detail"):
        Vendor.objects.filter(pk=world.acme.pk).update(segment="commodity")
    words = text_of(login(cast.manager).get(address(world.acme)))
    assert "The system changed this vendor by the command import_it_dashboard" in words
    assert "Carol changed this vendor through the API" in words


def test_what_a_job_did_says_so(cast: Cast, world: World, login: Login) -> None:
    with pghistory.context(user=None, job=7):
        Vendor.objects.filter(pk=world.acme.pk).update(segment="tactical")
    words = text_of(login(cast.manager).get(address(world.acme)))
    assert "The system changed this vendor by job 7" in words


def test_tokens_of_others_stay_their_own(cast: Cast, login: Login) -> None:
    expires_at = datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=1)
    issue_token(
        user=cast.manager, name="Private script", scopes=["vendors:read"], expires_at=expires_at, by=cast.manager
    )
    assert "Private script" in text_of(login(cast.manager).get(address(cast.manager)))
    assert "Private script" not in text_of(login(cast.cio).get(address(cast.manager)))


def test_related_rows_are_named_and_parts_belong(cast: Cast, world: World, login: Login) -> None:
    with pghistory.context(user=cast.cio.pk):
        Contact.objects.create(organization=world.acme.organization, name="Ann Sales")
        Organization.objects.filter(pk=world.acme.pk).update(parent=world.rival.pk)
    words = text_of(login(cast.manager).get(address(world.acme)))
    assert "Carol added contact Ann Sales" in words
    assert "Part of: set to Rival Systems" in words


def test_a_measurement_tells_its_replaced_values(cast: Cast, world: World, login: Login) -> None:
    series = world.service_level.series
    row = Measurement.objects.create(series=series, observed_on=MARCH, value=Decimal("96.5"))
    with pghistory.context(user=cast.cio.pk):
        Measurement.objects.filter(pk=row.pk).update(value=Decimal("91"))
        Measurement.objects.filter(pk=row.pk).update(value=Decimal("92"))
    client = login(cast.vendor_member)
    words = text_of(client.get(address(world.service_level)))
    assert "CIO office changed measurement March 1, 2020 Value: from 91 to 92" in words
    assert "CIO office changed measurement March 1, 2020 Value: from 96.5 to 91" in words
    with pghistory.context(user=cast.cio.pk):
        Measurement.objects.filter(pk=row.pk).delete()
    assert "Carol removed measurement March 1, 2020" in text_of(login(cast.manager).get(address(world.service_level)))


def test_partners_read_their_fields_only_and_no_names(cast: Cast, world: World, login: Login) -> None:
    with pghistory.context(user=cast.manager.pk, route="vendors:contract_update"):
        Contract.objects.filter(pk=world.contract.pk).update(title="New title")
        Contract.objects.filter(pk=world.contract.pk).update(criticality=1, holder="agency")
    words = text_of(login(cast.agency_member).get(address(world.contract)))
    assert "CIO office changed this contract Title: from Agreement C-1 to New title" in words
    assert "Criticality" not in words
    assert "Held by" not in words
    assert "Marco" not in words
    assert "on the page" not in words
    assert words.count("changed this contract") == 1


def test_own_changes_are_ones_own(cast: Cast, login: Login) -> None:
    with pghistory.context(user=cast.agency_member.pk):
        User.objects.filter(pk=cast.agency_member.pk).update(name="Hanna H.")
    page = login(cast.agency_member).get(address(cast.agency_member))
    assert 'href="/profile/">Back' in page.content.decode()
    words = text_of(page)
    assert "You changed this user Name: from Hanna to Hanna H." in words


@pytest.mark.parametrize(
    ("role", "row", "status"),
    [
        ("agency_member", "contract", 200),
        ("agency_member", "other_contract", 404),
        ("agency_member", "rival", 404),
        ("vendor_member", "other_service_level", 404),
        ("msi_member", "contract", 404),
        ("msi_member", "service_level", 200),
        ("auditor", "other_contract", 200),
        ("outsider", "contract", 404),
        ("agency_member", "acme", 200),  # the organization's name is open, the office's ranking is not
    ],
)
def test_history_follows_the_row(cast: Cast, world: World, login: Login, role: str, row: str, status: int) -> None:
    assert login(cast.by_role()[role]).get(address(getattr(world, row))).status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "/history/vendors/contract/0/",
        "/history/vendors/contract/99999999999999999999/",
        "/history/vendors/contract/x/",
        "/history/vendors/nothing/1/",
        "/history/nothing/contract/1/",
        "/history/vendors/contractevent/1/",
        "/history/sessions/session/1/",
        "/history/metrics/monthlyvalue/1/",
    ],
)
def test_what_has_no_history_is_not_here(cast: Cast, login: Login, path: str) -> None:
    assert login(cast.cio).get(path).status_code == 404


@pytest.mark.parametrize("page", ["0", "x", "-1", "99999", "²"])
def test_a_page_that_cannot_be_is_not_here(cast: Cast, world: World, login: Login, page: str) -> None:
    assert login(cast.cio).get(address(world.contract), {"page": page}).status_code == 404


def test_long_histories_come_in_pages_newest_first(cast: Cast, world: World, login: Login) -> None:
    for number in range(30):
        Contract.objects.filter(pk=world.contract.pk).update(title=f"Title {number}")
    client = login(cast.cio)
    first, second = (text_of(client.get(address(world.contract), {"page": page})) for page in (1, 2))
    assert first.index("to Title 29") < first.index("to Title 28")
    assert "Older changes" in first
    assert "Title: Agreement C-1" not in first
    assert "Title: Agreement C-1" in second
    assert "Older changes" not in second


def test_a_panel_is_a_part_of_a_page_for_htmx(cast: Cast, world: World, login: Login) -> None:
    page = login(cast.cio).get(address(world.contract), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "Carol" not in page
    assert "added this contract" in page


def test_the_number_of_queries_is_fixed(
    cast: Cast, world: World, login: Login, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = login(cast.cio)
    client.get(address(world.service_level))
    series = world.service_level.series
    for users in ([cast.cio], [cast.cio, cast.manager, cast.auditor]):
        for number, user in enumerate(users, start=1):
            with pghistory.context(user=user.pk):
                day = datetime.date(2021, number, 1)
                Target.objects.get_or_create(
                    series=series, direction=series.direction, effective_from=day, defaults={"target": number}
                )
                row, _ = Measurement.objects.get_or_create(series=series, observed_on=day, defaults={"value": 1})
                Measurement.objects.filter(pk=row.pk).update(value=number + len(users))
        # session and user; the row; four tables; organizations, indicators, contracts, services; actors
        with django_assert_num_queries(13):
            client.get(address(world.service_level))


# --- what the event tables keep ---


def tracked_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if trail.event_model_of(model) is not None]


@pytest.mark.parametrize("model", tracked_models(), ids=lambda model: model._meta.label)
def test_what_is_told_exists(model: type[models.Model]) -> None:
    telling = telling_of(model)
    names = {field.name for field in model._meta.concrete_fields}
    assert set(telling.named_by) <= names
    for fields in telling.readable.values():
        assert set(fields) <= names


def test_secrets_are_never_kept() -> None:
    kept = {
        (model._meta.label, field.name)
        for model in tracked_models()
        for field in trail.event_model_of(model)._meta.concrete_fields
    }
    secret = {"password", "digest", "secret", "token", "last_login"}
    assert not [pair for pair in kept if pair[1] in secret]
    labels = {model._meta.label for model in tracked_models()}
    assert "mfa.Authenticator" not in labels
    assert "sessions.Session" not in labels


def test_event_tables_are_not_in_the_admin() -> None:
    assert not [model for model in admin.site._registry if model._meta.model_name.endswith("event")]


def test_a_request_leaves_who_and_by_what(cast: Cast, world: World, login: Login) -> None:
    contact = Contact.objects.create(organization=world.health, name="Ann")
    path = reverse("agencies:contact_update", args=[contact.pk])
    login(cast.agency_member).post(f"{path}?secret=1", {"name": "Ann B.", "version": 1})
    context = contact.events.latest("pgh_id").pgh_context
    assert context == {"user": cast.agency_member.pk, "route": "agencies:contact_update", "key": str(contact.pk)}
