"""Saved views: a list's filters and order under a name, one's own or shared with colleagues, and nobody else's."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.accounts.models import User
from kernel.saved_views.models import SavedView
from tests.conftest import Cast

Login = Callable[[User], Client]
NEW = "/views/new/vendors:contract_list/"


def save(client: Client, query: str = "search=C-1&sort=-value", name: str = "Mine", **fields: str) -> None:
    answer = client.post(f"{NEW}?{query}", {"name": name, **fields})
    assert answer.status_code == 302, answer.context["form"].errors


def names(client: Client, path: str = "/contracts/") -> list[str]:
    return [view.name for view in client.get(path).context["saved_views"].views]


def test_a_list_is_saved_and_opened_again(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    page = client.get("/contracts/?sort=-value&search=C-1&page=1&vendor=&nonsense=1")
    address = page.context["saved_views"].save_url
    assert address == f"{NEW}?search=C-1&sort=-value"
    assert address.replace("&", "&amp;") in page.content.decode()
    answer = client.post(address, {"name": "Valuable"})
    assert answer["Location"] == "/contracts/?search=C-1&sort=-value"
    page = client.get(answer["Location"])
    assert page.context["saved_views"].current.name == "Valuable"
    assert page.context["saved_views"].save_url == ""
    assert [row.record.number for row in page.context["table"].rows] == ["C-1"]
    assert names(client, "/vendors/") == []


def test_an_unchanged_list_offers_nothing_to_save(cast: Cast, login: Login) -> None:
    page = login(cast.cio).get("/contracts/")
    assert page.context["saved_views"].save_url == ""
    assert b"Save this view" not in page.content


def test_what_is_shared_reaches_colleagues_only(cast: Cast, login: Login) -> None:
    for role in ("cio", "agency_member", "vendor_member"):
        client = login(cast.by_role()[role])
        save(client, name=f"{role} alone")
        save(client, "search=C", name=f"{role} shared", is_shared="on")
    seen = {role: names(login(cast.by_role()[role])) for role in ("cio", "manager", "agency_member", "vendor_member")}
    assert seen == {
        "cio": ["cio alone", "cio shared"],
        "manager": ["cio shared"],
        "agency_member": ["agency_member alone", "agency_member shared"],
        "vendor_member": ["vendor_member alone", "vendor_member shared"],
    }
    assert names(login(cast.outsider)) == []


def test_members_of_one_organization_share(cast: Cast, login: Login) -> None:
    other = cast.agency_member.memberships.get()
    colleague = User.objects.create_user("second@health.example", "x", name="Second", role=cast.agency_member.role)
    colleague.memberships.create(organization=other.organization, capacity=other.capacity, starts_on=other.starts_on)
    save(login(cast.agency_member), name="Ours", is_shared="on")
    client = login(colleague)
    assert names(client) == ["Ours"]
    page = client.get("/views/")
    assert b"Shared by colleagues" in page.content
    assert b"/edit/" not in page.content
    view = SavedView.objects.get()
    for address in (f"/views/{view.pk}/edit/", f"/views/{view.pk}/remove/"):
        assert client.post(address, {"name": "Theirs"}).status_code == 403
    view.refresh_from_db()
    assert view.name == "Ours"


def test_a_view_is_renamed_and_removed(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    save(client)
    view = SavedView.objects.get()
    client.post(f"/views/{view.pk}/edit/", {"name": "Other", "version": view.version})
    assert names(client) == ["Other"]
    assert b"stay as they are" in client.get(f"/views/{view.pk}/remove/").content
    client.post(f"/views/{view.pk}/remove/")
    assert names(client) == []
    assert b"You have saved no view yet" in client.get("/views/").content


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "Taken", "a\0b"])
def test_a_name_that_cannot_be_is_refused(cast: Cast, login: Login, name: str) -> None:
    client = login(cast.cio)
    save(client, name="Taken")
    answer = client.post(f"{NEW}?search=other", {"name": name})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "page"),
    [("cio", "nonsense"), ("cio", "vendors:vendor_create"), ("cio", "home"), ("msi_member", "vendors:contract_list")],
)
def test_what_is_no_list_of_ones_own_is_not_there(cast: Cast, login: Login, role: str, page: str) -> None:
    assert login(cast.by_role()[role]).get(f"/views/new/{page}/?search=x").status_code == 404


def test_a_list_that_is_gone_leaves_the_others(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    save(client)
    SavedView.objects.create(owner=cast.cio, page="vendors:former_list", name="Former")
    page = client.get("/views/")
    assert [view.name for _words, view in page.context["own"]] == ["Mine"]


def test_views_cost_one_query_however_many(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    counted = []
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get("/contracts/")
        counted.append(len(queries))
        save(client, f"search={number}", name=f"View {number}")
    assert counted[0] == counted[1] == counted[2]
