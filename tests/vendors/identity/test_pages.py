"""Deciding about two vendors on their pages and over the API, and what other pages show of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel.accounts.models import User
from kernel.directory.models import OrganizationMerge
from kernel.jobs.models import Job
from tests.conftest import Cast, World, make_vendor
from tests.vendors.identity.rows import make_merge, make_pair
from tests.vendors.scorecards.cards import make_scorecard
from vendors.identity.suggesting import compare, find_duplicates
from vendors.models import LikelyDuplicate, StateRules, Vendor

pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]
Decision = LikelyDuplicate.Decision


@pytest.fixture
def twins(world: World) -> LikelyDuplicate:
    """Acme and a second entry of it, as they were found."""
    make_vendor("acme-2", "ACME Cloud, Inc.")
    find_duplicates()
    return LikelyDuplicate.objects.get()


def text_of(answer: Any) -> str:
    return answer.content.decode()


def test_both_stand_side_by_side_with_the_reasons(twins: LikelyDuplicate, cast: Cast, login: Login) -> None:
    page = text_of(login(cast.auditor).get(twins.get_absolute_url()))
    for words in ("95 % certain", "Same name but for the legal form", "Acme Cloud", "ACME Cloud, Inc.", "acme-2"):
        assert words in page
    assert "They are one: merge" not in page
    assert "They are one: merge" in text_of(login(cast.cio).get(twins.get_absolute_url()))


def test_merging_leads_to_the_next_pair_and_the_old_address_to_the_kept(
    twins: LikelyDuplicate, world: World, cast: Cast, login: Login
) -> None:
    following = make_pair("next")
    client = login(cast.cio)
    second = Vendor.objects.get(organization__code="acme-2")
    answer = client.post(twins.get_absolute_url(), {"decision": "same", "keep": second.pk, "reason": "Renamed"})
    assert answer["Location"] == following.get_absolute_url()
    world.contract.refresh_from_db()
    assert world.contract.vendor == second
    old = client.get(reverse("vendors:vendor_detail", args=["acme"]))
    assert (old.status_code, old["Location"]) == (302, second.get_absolute_url())
    page = text_of(client.get(second.get_absolute_url()))
    assert "Acme Cloud" in page
    assert "Merged into it" in page
    assert "Renamed" in text_of(client.get(OrganizationMerge.objects.get().get_absolute_url()))


def test_the_old_name_finds_the_kept(twins: LikelyDuplicate, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    second = Vendor.objects.get(organization__code="acme-2")
    client.post(twins.get_absolute_url(), {"decision": "same", "keep": second.pk})
    for address in ("/vendors/?search=Acme+Cloud", "/search/?q=acme+cloud"):
        assert reverse("vendors:vendor_detail", args=["acme-2"]) in text_of(client.get(address))


def test_without_a_choice_the_form_asks_for_it(twins: LikelyDuplicate, cast: Cast, login: Login) -> None:
    answer = login(cast.cio).post(twins.get_absolute_url(), {"decision": "same", "keep": 0, "reason": "Typed"})
    assert answer.status_code == 200
    assert "Typed" in text_of(answer)
    assert not OrganizationMerge.objects.exists()


def test_two_stay_two(twins: LikelyDuplicate, cast: Cast, login: Login) -> None:
    answer = login(cast.cio).post(twins.get_absolute_url(), {"decision": "different"})
    assert answer["Location"] == reverse("vendors:duplicate_list")
    twins.refresh_from_db()
    assert (twins.decision, twins.decided_by) == (Decision.DIFFERENT, cast.cio)


def test_who_was_told_apart_may_be_merged_after_all(twins: LikelyDuplicate, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    client.post(twins.get_absolute_url(), {"decision": "different"})
    client.post(twins.get_absolute_url(), {"decision": "same", "keep": twins.one_id})
    twins.refresh_from_db()
    assert twins.decision == Decision.SAME


def test_undoing_says_what_goes_back(world: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    merge = make_merge(world.acme, cast.cio)
    assert "two vendors again" in text_of(client.get(reverse("vendors:merge_undo", args=[merge.pk])))
    client.post(reverse("vendors:merge_undo", args=[merge.pk]))
    assert Vendor.objects.visible_to(cast.cio).filter(organization__code="acme-old").exists()
    again = client.post(reverse("vendors:merge_undo", args=[merge.pk]), follow=True)
    assert "undone already" in text_of(again)


def test_published_scorecards_of_the_merged_stand_on_the_page_of_the_kept(
    world: World, cast: Cast, login: Login
) -> None:
    merge = make_merge(world.acme, cast.cio)
    old = Vendor.objects.get(pk=merge.absorbed_id)
    card = make_scorecard(old, world.methodology, world.contract.starts_on.replace(day=1), score=80, by=cast.cio)
    for person in (cast.cio, cast.agency_member, cast.vendor_member):
        page = text_of(login(person).get(world.acme.get_absolute_url()))
        assert card.get_absolute_url() in page
    assert "Merged into it" not in text_of(login(cast.agency_member).get(world.acme.get_absolute_url()))


def test_anybody_of_the_office_names_two(world: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    address = reverse("vendors:duplicate_create")
    assert 'value="acme" selected' in text_of(client.get(address, {"vendor": "acme"}))
    assert "Choose another vendor" in text_of(client.post(address, {"one": "acme", "other": "acme"}))
    answer = client.post(address, {"one": "acme", "other": "rival"})
    pair = LikelyDuplicate.objects.get()
    assert answer["Location"] == pair.get_absolute_url()
    assert client.get(pair.get_absolute_url()).status_code == 200


def test_all_are_compared_by_a_job(world: World, cast: Cast, login: Login) -> None:
    make_vendor("acme-2", "ACME Cloud, Inc.")
    answer = login(cast.cio).post(reverse("vendors:duplicate_search"))
    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    compare(job.ranges.get().pk)
    job.refresh_from_db()
    assert job.result == {"suggested": 1, "no_longer_likely": 0, "merged": 0}


def test_the_rule_is_set_beside_the_others(world: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    address = reverse("vendors:state_rules")
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    refused = client.post(address, {**sent, "merge_from": 60})
    assert "greater than or equal to 90" in text_of(refused)
    client.post(address, {**sent, "merge_from": 95})
    assert StateRules.current().merge_from == 95
    assert "From 95 % on" in text_of(client.get(reverse("vendors:duplicate_list")))


def test_pages_ask_the_same_number_of_questions_however_much_there_is(world: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    pair, merge = make_pair("first"), make_merge(world.acme, cast.cio)
    addresses = [
        reverse("vendors:duplicate_list"),
        reverse("vendors:merge_list"),
        pair.get_absolute_url(),
        merge.get_absolute_url(),
        world.acme.get_absolute_url(),
    ]

    def counted() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    before = counted()
    for number in range(3):
        make_pair(f"more-{number}")
        make_merge(make_vendor(f"kept-{number}", f"Kept {number}"), cast.cio)
    assert counted() == before


def test_over_the_api(twins: LikelyDuplicate, world: World, cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    row = client.get("/api/v1/likely-duplicates/", {"decision": "open"}).json()["results"][0]
    assert row["reasons"] == ["same_but_for_form"]

    def send(path: str, body: object) -> Any:
        return client.post(f"/api/v1/{path}", body, content_type="application/json")

    assert send(f"likely-duplicates/{twins.pk}/merge/", {"keep": "rival"}).status_code == 400
    merged = send(f"likely-duplicates/{twins.pk}/merge/", {"keep": "acme", "reason": "One"})
    assert merged.json()["kept"]["code"] == "acme"
    assert send(f"likely-duplicates/{twins.pk}/keep-apart/", {}).status_code == 400
    undone = send(f"merges/{merged.json()['id']}/undo/", {})
    assert undone.json()["undone_by"] == cast.cio.name
    assert send(f"merges/{merged.json()['id']}/undo/", {}).status_code == 400
