"""Events of calendars: what falls on a day, as rooms supply it for calendars of other programs."""

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class CalendarEvent:
    """Something that falls on a whole day."""

    key: str  # tells it from all others, also when its day moves
    day: datetime.date
    word: str | Promise  # what kind of thing falls on the day
    name: str
    description: str
    path: str  # of the page that it is about
