"""Reminding people of contracts that end or must be cancelled soon, once for each agreed number of days ahead."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.accounts.models import User
from kernel.directory.whom import managers_of, the_office
from kernel.notices.operations import notify_each
from vendors.contracts.deadlines import Deadline, Kind, contract_deadlines
from vendors.models import Contract, Reminder

# Beyond so many at once a person is told how many there are, and where they stand.
MOST_AT_ONCE = 10
LONGEST_TITLE = 150


@transaction.atomic
def remind_of_deadlines(today: datetime.date | None = None) -> int:
    """Tell managers and the CIO's office what comes near; return of how many deadlines they were told.

    Whatever was told before is not told again; whoever else is at it is waited for.
    """
    if not settings.CONTRACT_REMINDER_DAYS:
        return 0
    today = today or timezone.localdate()
    last = today + datetime.timedelta(days=max(settings.CONTRACT_REMINDER_DAYS))
    active = Contract.objects.filter(status=Contract.Status.ACTIVE)
    near = contract_deadlines(active, today, last)
    held = {deadline.contract.pk for deadline in near}
    list(Contract.objects.filter(pk__in=held).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    new = _not_told(near, today)
    Reminder.objects.bulk_create(reminder for _deadline, reminder in new)
    _tell([deadline for deadline, _reminder in new], today)
    return len(new)


def _not_told(near: Iterable[Deadline], today: datetime.date) -> list[tuple[Deadline, Reminder]]:
    """The deadlines that people were not told of so many days ahead, with what will remember it."""
    told = {row.key for row in Reminder.objects.filter(day__gte=today)}
    found = [(deadline, _reminder(deadline, today)) for deadline in near]
    return [(deadline, reminder) for deadline, reminder in found if reminder.key not in told]


def _reminder(deadline: Deadline, today: datetime.date) -> Reminder:
    left = (deadline.day - today).days
    ahead = min(days for days in settings.CONTRACT_REMINDER_DAYS if days >= left)
    return Reminder(contract=deadline.contract, kind=deadline.kind, day=deadline.day, days_ahead=ahead)


def _tell(deadlines: list[Deadline], today: datetime.date) -> None:
    """One notice for each, or one for all where there are many."""
    told: dict[User, list[Deadline]] = defaultdict(list)
    parties = {deadline: (deadline.contract.agency, deadline.contract.vendor.organization) for deadline in deadlines}
    office, managers = list(the_office()), managers_of({each for both in parties.values() for each in both})
    for deadline, (agency, vendor) in parties.items():
        for person in {*managers[agency.pk], *managers[vendor.pk], *office}:
            told[person].append(deadline)
    notify_each((person, text, url) for person, each in told.items() for text, url in _texts(each, today))


def _texts(deadlines: list[Deadline], today: datetime.date) -> list[tuple[str, str]]:
    if len(deadlines) > MOST_AT_ONCE:
        text = _("%(count)d contracts end, renew or can be cancelled for the last time soon.")
        contracts = {deadline.contract.pk for deadline in deadlines}
        return [(text % {"count": len(contracts)}, reverse("vendors:contract_calendar"))]
    return [(_text(deadline, today), deadline.contract.get_absolute_url()) for deadline in deadlines]


def _text(deadline: Deadline, today: datetime.date) -> str:
    left = (deadline.day - today).days
    words = {
        "title": Truncator(deadline.contract.title).chars(LONGEST_TITLE),
        "number": deadline.contract.number,
        "day": date_format(deadline.day),
        "left": ngettext("in %(n)d day", "in %(n)d days", left) % {"n": left} if left else _("today"),
    }
    sentences = {
        Kind.CANCEL_BY: _("“%(title)s” (%(number)s) can be cancelled until %(day)s, %(left)s."),
        Kind.RENEWS: _("“%(title)s” (%(number)s) renews by itself on %(day)s, %(left)s."),
        Kind.ENDS: _("“%(title)s” (%(number)s) ends on %(day)s, %(left)s."),
    }
    return f"{sentences[deadline.kind] % words} {deadline.consequence}".strip()
