"""Telling people, now in the portal and within a minute by e-mail."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.accounts.models import User
from kernel.notices.models import Notice

logger = structlog.get_logger(__name__)

MAILED_WITHIN = timedelta(days=1)  # Later it would be no news.
MOST_AT_ONCE = 500


def notify(*, people: Iterable[User], text: str, url: str = "") -> None:
    """Tell people something, in the transaction of what they are told of."""
    notify_each((person, text, url) for person in people)


def notify_each(told: Iterable[tuple[User, str, str]]) -> None:
    """Tell each person something of their own: whom, a text, and the page that it is about."""
    Notice.objects.bulk_create(Notice(person=person, text=text[:500], url=url) for person, text, url in told)


def mark_read(*, by: User) -> int:
    """Mark all of one's own notices as read; return how many were not."""
    return Notice.objects.editable_by(by).unread().update(read_at=timezone.now())


@transaction.atomic
def mail_notices() -> int:
    """Send what was not mailed yet, one e-mail a person; return how many people got one.

    A mail server that is away is asked again at the next beat.
    """
    recent = Notice.objects.filter(
        mailed_at__isnull=True, read_at__isnull=True, created_at__gt=timezone.now() - MAILED_WITHIN
    )
    waiting = recent.select_related("person").select_for_update(of=("self",), skip_locked=True)
    rows = waiting.filter(person__is_active=True).order_by("person", "created_at")[:MOST_AT_ONCE]
    sent = 0
    for person, notices in groupby(rows, key=lambda row: row.person):
        told = list(notices)
        if _mail(person, told):
            Notice.objects.filter(pk__in=[row.pk for row in told]).update(mailed_at=timezone.now())
            sent += 1
    return sent


def _mail(person: User, notices: list[Notice]) -> bool:
    subject = notices[0].text if len(notices) == 1 else _("%(count)d notices") % {"count": len(notices)}
    lines = [f"{row.text}\n{settings.PORTAL_URL}{row.url}" if row.url else row.text for row in notices]
    try:
        send_mail(f"{settings.STATE_NAME}: {subject}", "\n\n".join(lines), None, [person.email])
    except OSError:
        logger.exception("notices_not_mailed", person=person.pk)
        return False
    return True
