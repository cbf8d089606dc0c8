"""The days of contracts as an iCalendar (RFC 5545), for calendars of other programs."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from kernel.accounts.models import User
from metrics.methodologies.scoring import add_months
from vendors.contracts.deadlines import Deadline, deadlines_between
from vendors.models import Contract

MONTHS_BACK, MONTHS_AHEAD = 3, 36
READ_AGAIN = datetime.timedelta(hours=6)


def calendar_of(user: User) -> bytes:
    """What `user` may see of three months back and three years ahead."""
    this_month = timezone.localdate().replace(day=1)
    first, last = add_months(this_month, -MONTHS_BACK), add_months(this_month, MONTHS_AHEAD)
    calendar = Calendar()
    name = _("Contracts, %(state)s") % {"state": settings.STATE_NAME}
    calendar.add("prodid", f"-//{settings.STATE_NAME}//BRM portal//EN")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", READ_AGAIN, {"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for deadline in deadlines_between(Contract.objects.visible_to(user), first, last, user):
        calendar.add_component(_event(deadline))
    return calendar.to_ical()


def _event(deadline: Deadline) -> Event:
    """A whole day; the next reading of it under the same id replaces this one."""
    contract = deadline.contract
    event = Event()
    event.add("uid", f"{deadline.key}@{urlsplit(settings.PORTAL_URL).hostname}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", deadline.day)
    event.add("summary", f"{deadline.word}: {deadline.name}")
    event.add("description", "\n".join(filter(None, (deadline.consequence, _parties(contract)))))
    event.add("url", f"{settings.PORTAL_URL}{contract.get_absolute_url()}")
    event.add("categories", [str(deadline.word)])
    event.add("transp", "TRANSPARENT")
    return event


def _parties(contract: Contract) -> str:
    names = {"number": contract.number, "vendor": contract.vendor, "agency": contract.agency}
    return _("%(number)s: %(vendor)s for %(agency)s") % names
