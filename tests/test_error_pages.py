"""What people meet when something is refused, missing or broken: a page of the house, in plain words."""

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.module_loading import import_string

from brm_portal.urls import handler500
from kernel.accounts.models import User
from tests.conftest import PASSWORD, Cast, World

Login = Callable[[User], Client]


def test_a_form_without_its_mark_is_explained(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": cast.cio.email, "password": PASSWORD})
    assert response.status_code == 403
    assert "Please send the form again" in response.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_page_that_is_not_here_says_so(cast: Cast, login: Login, signed_in: bool) -> None:
    client = login(cast.agency_member) if signed_in else Client()
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "This page is not here" in response.content.decode()


def test_what_may_be_seen_but_not_done_says_so(cast: Cast, world: World, login: Login) -> None:
    path = reverse("vendors:contract_update", args=[world.other_contract.pk])
    response = login(cast.manager).get(path)
    assert response.status_code == 403
    assert 'href="/"' in response.content.decode()


def test_a_broken_page_needs_neither_database_nor_user(rf: RequestFactory) -> None:
    response = import_string(handler500)(rf.get("/"))
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()


def test_too_many_attempts_get_a_page(client: Client, cast: Cast, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    answers = [client.post("/accounts/password/reset/", {"email": "a@example.gov"}).status_code for _ in range(3)]
    assert answers[-1] == 429
