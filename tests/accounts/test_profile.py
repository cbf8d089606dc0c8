"""Everybody's own profile and tokens."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kernel.accounts.models import ApiToken, User
from tests.conftest import Cast, World

Login = Callable[[User], Client]
PEOPLE = ["cio", "manager", "auditor", "agency_member", "vendor_member", "msi_member"]


def token_fields(**fields: object) -> dict[str, object]:
    day = timezone.localdate() + timedelta(days=30)
    return {"name": "Nightly", "expires_on": day.isoformat(), "scopes": ["vendors:read"], **fields}


@pytest.mark.parametrize("role", PEOPLE)
def test_everybody_has_a_profile(cast: Cast, world: World, login: Login, role: str) -> None:
    user = cast.by_role()[role]
    page = login(user).get("/profile/").content.decode()
    assert user.email in page
    assert "Belongs to no organization" in page or "Member" in page or "manager" in page or "integrator" in page


def test_one_changes_ones_own_name_only(cast: Cast, login: Login) -> None:
    entered = {"name": "Hanna H.", "role": "cio_office", "email": "else@example.gov"}
    login(cast.agency_member).post("/profile/name/", entered)
    cast.agency_member.refresh_from_db()
    assert cast.agency_member.name == "Hanna H."
    assert cast.agency_member.role == "agency_member"
    assert cast.agency_member.email == "hanna@example.gov"


@pytest.mark.parametrize("role", PEOPLE)
def test_a_token_is_shown_once(cast: Cast, login: Login, role: str) -> None:
    client = login(cast.by_role()[role])
    response = client.post("/profile/tokens/new/", token_fields())
    (secret,) = re.findall(r"brm_[\w-]{43}", response.content.decode())
    assert response.headers["Cache-Control"] == "no-store"
    page = client.get("/profile/").content.decode()
    assert secret not in page
    assert secret[:12] in page
    answer = Client().get("/api/v1/vendors/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_on": "2020-01-01"},
        {"expires_on": (timezone.localdate() + timedelta(days=400)).isoformat()},
        {"scopes": []},
        {"scopes": ["everything:write"]},
        {"name": ""},
    ],
)
def test_a_wrong_token_is_refused_in_words(cast: Cast, login: Login, fields: dict[str, object]) -> None:
    page = login(cast.cio).post("/profile/tokens/new/", token_fields(**fields))
    assert "Please check what you entered" in page.content.decode()
    assert not ApiToken.objects.exists()


def test_revoking_closes_the_door(cast: Cast, login: Login) -> None:
    client = login(cast.agency_member)
    page = client.post("/profile/tokens/new/", token_fields()).content.decode()
    (secret,) = re.findall(r"brm_[\w-]{43}", page)
    token = ApiToken.objects.get()
    assert login(cast.cio).post(reverse("accounts:token_revoke", args=[token.pk])).status_code == 404
    assert login(cast.agency_member).post(reverse("accounts:token_revoke", args=[token.pk])).status_code == 302
    answer = Client().get("/api/v1/vendors/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


def test_the_office_makes_and_revokes_tokens_of_integrations(cast: Cast, login: Login) -> None:
    path = reverse("accounts:integration_token_create", args=[cast.integration.pk])
    client = login(cast.cio)
    page = client.post(path, token_fields()).content.decode()
    assert re.search(r"brm_[\w-]{43}", page)
    token = ApiToken.objects.get(user=cast.integration)
    assert "Nightly" in client.get(cast.integration.get_absolute_url()).content.decode()
    assert client.post(reverse("accounts:token_revoke", args=[token.pk])).status_code == 302
    assert login(cast.manager).get(path).status_code == 403
    assert login(cast.cio).get(reverse("accounts:integration_token_create", args=[cast.manager.pk])).status_code == 403


def test_whose_session_has_ended_is_told_and_comes_back(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    client.session.flush()
    client.cookies[settings.SESSION_COOKIE_NAME] = "gone"
    response = client.get("/people/?role=auditor", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=/people/%3Frole%3Dauditor"
    assert "Your session has ended" in response.content.decode()
    fresh = Client().get("/people/", follow=True).content.decode()
    assert "Your session has ended" not in fresh


def test_a_part_of_a_page_sends_the_whole_page_to_the_login(db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/vendors/?page=2"}
    response = Client().get("/people/", headers=headers)
    assert response.headers["HX-Redirect"] == "/accounts/login/?next=/vendors/%3Fpage%3D2"
