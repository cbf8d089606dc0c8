"""API tokens: made once, kept hashed, ended with their owner's role or account."""

import datetime
import hashlib
from collections.abc import Callable
from datetime import timedelta

import pghistory
import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from kernel.access import Role
from kernel.accounts import scopes
from kernel.accounts.authentication import TokenAuthentication
from kernel.accounts.models import ApiToken, User
from kernel.accounts.operations import issue_token, revoke_token
from tests.conftest import Cast

READ_VENDORS = ["vendors:read"]


def in_days(days: float) -> datetime.datetime:
    return timezone.now() + timedelta(days=days)


def issue(user: User, by: User | None = None, **fields: object) -> tuple[ApiToken, str]:
    fields = {"name": "Nightly export", "scopes": READ_VENDORS, "expires_at": in_days(30), **fields}
    return issue_token(user=user, by=by or user, **fields)


def enter(header: str) -> tuple[User, ApiToken] | None:
    return TokenAuthentication().authenticate(Request(RequestFactory().get("/", HTTP_AUTHORIZATION=header)))


def test_a_token_opens_the_door_for_its_user(cast: Cast) -> None:
    token, secret = issue(cast.agency_member)
    assert enter(f"Bearer {secret}") == (cast.agency_member, token)


def test_only_the_hash_is_stored_and_the_secret_is_long(cast: Cast) -> None:
    token, secret = issue(cast.agency_member)
    assert token.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret.startswith(token.prefix)
    assert len(secret) >= 43
    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text FROM accounts_apitokenevent e")
        trail = "".join(row[0] for row in cursor.fetchall())
    assert "Nightly export" in trail
    assert secret not in trail
    assert token.digest not in trail


@pytest.mark.parametrize("header", ["Basic abc", "", "Token abc"])
def test_other_schemes_are_left_to_others(db: None, header: str) -> None:
    assert enter(header) is None


@pytest.mark.parametrize("header", ["Bearer", "Bearer nonsense", "Bearer two words", "Bearer ä"])
def test_a_wrong_token_is_refused(db: None, header: str) -> None:
    with pytest.raises(AuthenticationFailed):
        enter(header)


@pytest.mark.parametrize(
    "end",
    [
        lambda token: ApiToken.objects.filter(pk=token.pk).update(expires_at=in_days(-0.01)),
        lambda token: revoke_token(token=token, by=token.user),
        lambda token: User.objects.filter(pk=token.user_id).update(is_active=False),
        lambda token: User.objects.filter(pk=token.user_id).update(role=Role.VENDOR_MEMBER),
    ],
    ids=["expired", "revoked", "account closed", "role changed"],
)
def test_a_token_ends(cast: Cast, end: Callable[[ApiToken], object]) -> None:
    token, secret = issue(cast.agency_member)
    end(token)
    with pytest.raises(AuthenticationFailed):
        enter(f"Bearer {secret}")


def test_the_office_issues_for_integrations_which_end_with_their_owner(cast: Cast) -> None:
    _, secret = issue(cast.integration, by=cast.cio)
    assert enter(f"Bearer {secret}") is not None
    User.objects.filter(pk=cast.agency_member.pk).update(is_active=False)
    with pytest.raises(AuthenticationFailed):
        enter(f"Bearer {secret}")


def test_nobody_else_issues_or_revokes(cast: Cast) -> None:
    for user, by in [(cast.integration, cast.agency_member), (cast.agency_member, cast.cio)]:
        with pytest.raises(PermissionDenied):
            issue(user, by=by)
    token, _ = issue(cast.agency_member)
    with pytest.raises(PermissionDenied):
        revoke_token(token=token, by=cast.cio)


@pytest.mark.parametrize(
    "fields",
    [
        {"scopes": []},
        {"scopes": ["vendors:delete"]},
        {"expires_at": in_days(-1)},
        {"expires_at": in_days(400)},
        {"name": ""},
    ],
)
def test_a_token_needs_name_scope_and_an_end(cast: Cast, fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        issue(cast.agency_member, **fields)
    assert not ApiToken.objects.exists()


def test_use_is_noted_once_a_minute_without_history(cast: Cast) -> None:
    token, secret = issue(cast.agency_member)
    enter(f"Bearer {secret}")
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    enter(f"Bearer {secret}")
    token.refresh_from_db()
    assert token.last_used_at == first
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=in_days(-1))
    enter(f"Bearer {secret}")
    token.refresh_from_db()
    assert token.last_used_at is not None
    assert token.last_used_at > first
    assert token.events.count() == 1


def test_a_token_of_an_auditor_rests_while_the_second_factor_is_missing(cast: Cast) -> None:
    _token, secret = issue(cast.auditor)
    assert enter(f"Bearer {secret}") is not None
    Authenticator.objects.filter(user=cast.auditor).delete()
    with pytest.raises(AuthenticationFailed):
        enter(f"Bearer {secret}")


def test_what_a_token_writes_is_its_users(cast: Cast) -> None:
    token, secret = issue(cast.cio)
    with pghistory.context(user=None):  # as the middleware begins it, before the token is read
        enter(f"Bearer {secret}")
        User.objects.filter(pk=cast.manager.pk).update(name="Marco P.")
    context = cast.manager.events.latest("pgh_id").pgh_context
    assert context == {"user": cast.cio.pk, "token": token.pk}


def test_writing_does_not_include_reading() -> None:
    assert scopes.allows(["vendors:write"], "vendors", "PATCH")
    assert not scopes.allows(["vendors:write"], "vendors", "GET")
    assert not scopes.allows(["vendors:read"], "vendors", "POST")
    assert scopes.allows(["vendors:read"], "vendors", "head")
