"""Signing in: password, rate limit, reset, second factor; who gets in nowhere."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from kernel.accounts.models import User
from tests.conftest import PASSWORD, Cast

NEW_PASSWORD = "a longer phrase than before"


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> None:
    cache.clear()


def sign_in(client: Client, user: User, password: str = PASSWORD) -> object:
    return client.post("/accounts/login/", {"login": user.email, "password": password})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_the_right_password_opens(client: Client, cast: Cast) -> None:
    response = sign_in(client, cast.cio)
    assert response.status_code == 302
    assert is_in(client)


@pytest.mark.parametrize("email", ["carol@example.gov", "nobody@example.gov"])
def test_a_wrong_password_opens_nothing_and_tells_nothing(client: Client, cast: Cast, email: str) -> None:
    page = client.post("/accounts/login/", {"login": email, "password": "wrong"})
    assert page.status_code == 200
    assert "are not correct" in page.content.decode()
    assert not is_in(client)


def test_guessing_is_stopped(client: Client, cast: Cast) -> None:
    for _ in range(5):
        sign_in(client, cast.cio, "wrong")
    assert "Too many failed login attempts" in sign_in(client, cast.cio).content.decode()
    assert not is_in(client)


def test_a_closed_account_and_an_integration_stay_out(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    for user in (cast.manager, cast.integration):
        assert sign_in(client, user).headers["Location"] == "/accounts/inactive/"
        assert not is_in(client)


def test_a_session_of_an_integration_is_not_believed(cast: Cast, login: Callable[[User], Client]) -> None:
    assert login(cast.integration).get("/accounts/2fa/").status_code == 302


def test_signing_in_is_no_edit(client: Client, cast: Cast) -> None:
    sign_in(client, cast.cio)
    cast.cio.refresh_from_db()
    assert cast.cio.last_login is not None
    assert cast.cio.version == 1
    assert cast.cio.events.count() == 1


def test_sign_up_is_closed(client: Client, cast: Cast) -> None:
    assert client.get("/accounts/signup/").status_code == 404
    assert "signup" not in client.get("/accounts/login/").content.decode()


def test_a_password_is_reset_by_mail_once(client: Client, cast: Cast) -> None:
    client.post("/accounts/password/reset/", {"email": "Carol@example.gov"})
    (message,) = mail.outbox
    (path,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", message.body)
    form_path = client.get(path).headers["Location"]
    client.post(form_path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert sign_in(client, cast.cio, NEW_PASSWORD).status_code == 302
    assert is_in(client)
    assert "no longer works" in Client().get(path, follow=True).content.decode()


def test_resetting_tells_nobody_who_exists(client: Client, cast: Cast) -> None:
    answers = {
        client.post("/accounts/password/reset/", {"email": email}).headers["Location"]
        for email in ("carol@example.gov", "nobody@example.gov", cast.integration.email)
    }
    assert len(answers) == 1
    assert [message.to for message in mail.outbox] == [["carol@example.gov"]]


def test_a_mail_server_that_fails_tells_nobody_who_exists(client: Client, cast: Cast, settings: object) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    for email in ("carol@example.gov", "nobody@example.gov"):
        assert client.post("/accounts/password/reset/", {"email": email}).status_code == 302


def test_weak_passwords_are_refused(client: Client, cast: Cast) -> None:
    sign_in(client, cast.cio)
    fields = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    client.post("/accounts/password/change/", fields)
    cast.cio.refresh_from_db()
    assert cast.cio.check_password(PASSWORD)


# --- second factor ---


def test_who_has_a_second_factor_is_asked_for_it(client: Client, cast: Cast) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.cio, secret)
    assert sign_in(client, cast.cio).headers["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_in(client)


def test_an_auditor_reaches_nothing_before_a_second_factor(client: Client, cast: Cast) -> None:
    Authenticator.objects.filter(user=cast.auditor).delete()
    sign_in(client, cast.auditor)
    for path in ("/accounts/2fa/", "/accounts/password/change/", "/accounts/2fa/recovery-codes/", "/outcomes/"):
        assert client.get(path).headers["Location"] == "/accounts/2fa/totp/activate/"
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    response = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert response.headers["Location"] == "/accounts/2fa/recovery-codes/"
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10

    other = Client()
    sign_in(other, cast.auditor)
    other.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert is_in(other)
    assert other.get("/outcomes/").status_code == 200


def test_a_required_second_factor_cannot_be_removed(client: Client, cast: Cast) -> None:
    secret = generate_totp_secret()
    Authenticator.objects.filter(user=cast.auditor).delete()
    TOTP.activate(cast.auditor, secret)
    sign_in(client, cast.auditor)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=cast.auditor, type="totp").exists()


def test_the_secret_of_an_app_is_not_readable_in_the_database(cast: Cast) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.cio, secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        assert all(secret not in row[0] for row in cursor.fetchall())


# --- the admin ---


def test_the_admin_is_for_superusers(cast: Cast, login: Callable[[User], Client]) -> None:
    assert Client().get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
    assert login(cast.cio).get("/admin/", follow=True).status_code == 404
    User.objects.filter(pk=cast.cio.pk).update(is_superuser=True)
    assert login(cast.cio).get("/admin/").status_code == 200


def test_a_superuser_auditor_needs_the_second_factor_for_the_admin(cast: Cast, login: Callable[[User], Client]) -> None:
    User.objects.filter(pk=cast.auditor.pk).update(is_superuser=True)
    Authenticator.objects.filter(user=cast.auditor).delete()
    assert login(cast.auditor).get("/admin/").headers["Location"] == "/accounts/2fa/totp/activate/"
