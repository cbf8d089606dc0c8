"""How allauth behaves here."""

import logging
import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse

from kernel import secrecy
from kernel.access import EVERYONE, Role
from kernel.accounts import second_factor
from kernel.accounts.models import User

logger = logging.getLogger(__name__)

PURPOSE = "second factor"


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: the CIO's office invites. Integrations neither log in nor reset passwords."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        # allauth lets a right password through to here even where the backend refused the account.
        if user.role == Role.INTEGRATION:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        # Who has just signed in, in this very session, need not prove it again at once.
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0.0)
        return time.time() - latest > account_settings.REAUTHENTICATION_TIMEOUT

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # A mail server that fails must neither undo what was done nor tell who has an account.
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            logger.exception("mail_not_sent", extra={"template": template_prefix})

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        if user.role in EVERYONE:
            super().send_password_reset_mail(user, email, context)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are stored encrypted; whoever must have a second factor keeps it."""

    def encrypt(self, text: str) -> str:
        return secrecy.encrypt(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return secrecy.decrypt(encrypted_text, PURPOSE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not second_factor.is_required(authenticator.user)
