"""The mail that lets an invited person in: a link to set a password, never a password."""

from collections.abc import Callable

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import EVERYONE, OFFICE, require_role
from kernel.accounts.models import User


def awaits_invitation(user: User) -> bool:
    """Whether an invitation helps: an active person who has never signed in."""
    return user.is_active and user.role in EVERYONE and user.last_login is None


def send_invitation(*, user: User, by: User, absolute: Callable[[str], str]) -> None:
    """Mail the link; `absolute` makes a path a full address. Raises OSError where the mail server refuses."""
    require_role(by, OFFICE)
    if not awaits_invitation(user):
        raise PermissionDenied
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    context = {
        "user": user,
        "by": by,
        "state": {"name": settings.STATE_NAME},
        "link": absolute(reverse("account_reset_password_from_key", kwargs=key)),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    send_mail(
        subject=_("Your account for %(state)s") % {"state": settings.STATE_NAME},
        message=render_to_string("account/email/invitation.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        recipient_list=[user.email],
    )
