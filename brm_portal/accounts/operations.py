"""Writes about who may log in; each checks first who asks."""

import datetime
from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brm_portal.access import Role
from brm_portal.accounts.models import ApiToken, User
from brm_portal.accounts.scopes import SCOPES
from brm_portal.accounts.tokens import digest_of, new_secret, prefix_of

TOKEN_LIVES_AT_MOST = timedelta(days=366)


def may_issue_token(*, user: User, by: User) -> bool:
    """Whether `by` may make tokens for `user`: people for themselves, the CIO's office for integrations."""
    if user.role == Role.INTEGRATION:
        return by.is_active and by.role == Role.CIO_OFFICE
    return by.is_active and by.pk == user.pk


@transaction.atomic
def issue_token(
    *, user: User, name: str, scopes: Collection[str], expires_at: datetime.datetime, by: User
) -> tuple[ApiToken, str]:
    """Make an API token; the second value is the token itself, which nobody can show again."""
    if not may_issue_token(user=user, by=by):
        raise PermissionDenied
    if not scopes or not set(scopes) <= set(SCOPES):
        raise ValidationError({"scopes": _("Choose at least one of the listed permissions.")})
    now = timezone.now()
    if not now < expires_at <= now + TOKEN_LIVES_AT_MOST:
        raise ValidationError({"expires_at": _("A token expires after today and within a year.")})
    secret = new_secret()
    token = ApiToken(
        user=user,
        name=name,
        prefix=prefix_of(secret),
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        issued_for_role=user.role,
        expires_at=expires_at,
    )
    token.full_clean()
    token.save()
    return token, secret


def revoke_token(*, token: ApiToken, by: User) -> None:
    """End a token at once."""
    rows = ApiToken.objects.editable_by(by).filter(pk=token.pk)
    if not rows.exists():
        raise PermissionDenied
    rows.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
