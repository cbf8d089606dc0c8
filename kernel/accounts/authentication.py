"""How other systems authenticate: `Authorization: Bearer <token>`."""

from datetime import timedelta
from typing import cast

import pghistory
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from kernel.accounts import second_factor
from kernel.accounts.models import ApiToken, CalendarAddress, User
from kernel.accounts.tokens import digest_of

USE_IS_NOTED_EVERY = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """Enter by a personal token; `request.auth` is the token, whose scopes the API's permission reads."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword.lower().encode():
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(_("Send the header as: Authorization: Bearer <token>"))
        token = self._usable_token(parts[1].decode("ascii", errors="replace"))
        note_use(token)
        # The history's middleware ran before the token was read and knows no user yet.
        pghistory.context(user=token.user_id, token=token.pk)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword

    def _usable_token(self, secret: str) -> ApiToken:
        tokens = ApiToken.objects.usable().select_related("user__owner")
        token = cast(ApiToken | None, tokens.filter(digest=digest_of(secret)).first())
        # One answer for unknown, expired and revoked: nobody learns which tokens once existed.
        if token is None or second_factor.is_missing(token.user):
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        return token


def note_use(token: ApiToken | CalendarAddress) -> None:
    """Note when a secret was last used, at most once a minute; the history does not keep it."""
    now = timezone.now()
    noted = token.last_used_at
    if noted is not None and now - noted < USE_IS_NOTED_EVERY:
        return
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USE_IS_NOTED_EVERY)
    type(token)._default_manager.filter(stale, pk=token.pk).update(last_used_at=now)
