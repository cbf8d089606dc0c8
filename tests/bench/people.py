"""Who asks: people with a session, and a system with a token."""

import datetime

from django.conf import settings
from django.test import Client
from django.utils import timezone

from kernel.access import Role
from kernel.accounts.models import User
from kernel.accounts.operations import issue_token
from kernel.accounts.scopes import all_scopes

HOST = "localhost"


def office() -> User:
    """Somebody of the CIO's office, who sees everything."""
    return User.objects.filter(role=Role.CIO_OFFICE).earliest("pk")


def in_session(user: User) -> Client:
    """A browser in which a person is logged in."""
    client = Client(SERVER_NAME=HOST)
    client.force_login(user, backend="kernel.accounts.backends.PeopleBackend")
    return client


def session_of(user: User) -> str:
    """The key of a new session."""
    return in_session(user).cookies[settings.SESSION_COOKIE_NAME].value


def token() -> str:
    """A token of the system's that may read everything."""
    system = User.objects.get(role=Role.INTEGRATION)
    scopes = [scope for scope in all_scopes() if scope.endswith(":read")]
    until = timezone.now() + datetime.timedelta(days=1)
    _, secret = issue_token(user=system, name="Bench", scopes=scopes, expires_at=until, by=office())
    return secret
