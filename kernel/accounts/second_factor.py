"""The second factor: who must have one before anything else opens."""

from allauth.mfa.models import Authenticator

from kernel.access import AUDITORS
from kernel.accounts.models import User


def is_set_up(user: User) -> bool:
    """Whether the user's login asks for a code of an authenticator app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def is_required(user: User) -> bool:
    """Whether the user must have one, and so keeps it."""
    return user.role in AUDITORS


def is_missing(user: User) -> bool:
    """Whether the user must set up a second factor before anything else opens."""
    return is_required(user) and not is_set_up(user)
