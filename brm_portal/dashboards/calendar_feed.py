"""The days on which something is due, as an iCalendar (RFC 5545), for calendars of other programs."""

import datetime
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from kernel.accounts.models import User
from kernel.calendar_events import CalendarEvent
from metrics.methodologies.scoring import add_months
from vendors.contracts.deadlines import deadline_events

# What each room says of the days from a first to a last one, as far as a user may see it.
SOURCES: tuple[Callable[[User, datetime.date, datetime.date], Iterable[CalendarEvent]], ...] = (deadline_events,)
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
    for events_of in SOURCES:
        for event in events_of(user, first, last):
            calendar.add_component(_component(event))
    return calendar.to_ical()


def _component(event: CalendarEvent) -> Event:
    """A whole day; the next reading of it under the same id replaces this one."""
    component = Event()
    component.add("uid", f"{event.key}@{urlsplit(settings.PORTAL_URL).hostname}")
    component.add("dtstamp", timezone.now())
    component.add("dtstart", event.day)
    component.add("summary", f"{event.word}: {event.name}")
    component.add("description", event.description)
    component.add("url", f"{settings.PORTAL_URL}{event.path}")
    component.add("categories", [str(event.word)])
    component.add("transp", "TRANSPARENT")
    return component
