"""Using another methodology from a month on: it becomes the state's default, and what it judges is computed again."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.access import OFFICE, require_role
from kernel.accounts.models import User
from kernel.jobs.models import Job
from metrics.models import Methodology
from vendors.models import Scorecard, Vendor
from vendors.scorecards.periods import Period
from vendors.scorecards.requesting import request_scorecards

EVER = datetime.date.min


def periods_to_judge(methodology: Methodology) -> dict[Period, int]:
    """The closed periods that a methodology may take over, and of how many vendors, latest first.

    Those are the periods that were computed with the state's default or with another edition of the same name.
    """
    replaced = Methodology.objects.filter(Q(is_default=True) | Q(name=methodology.name)).exclude(pk=methodology.pk)
    rows = Scorecard.objects.filter(methodology__in=replaced).order_by("-period_start", "-months")
    counted = rows.values_list("period_start", "months").annotate(vendors=Count("vendor", distinct=True))
    this_month = timezone.localdate().replace(day=1)
    periods = {Period(start, months): vendors for start, months, vendors in counted}
    return {period: vendors for period, vendors in periods.items() if period.last_month < this_month}


@transaction.atomic
def use_methodology(*, methodology: Methodology, from_month: datetime.date, by: User) -> list[Job]:
    """Make a methodology the state's default for periods that start in a month or later; return the jobs that begin.

    Closed periods among them that were scored by what it replaces are computed again, as drafts; earlier ones stay
    as they are, and so does what is published. Raises PermissionDenied to everyone but the CIO's office.
    """
    require_role(by, OFFICE)
    # All in the same order, so that two who choose at once come one after the other.
    rows = {row.pk: row for row in Methodology.objects.select_for_update().order_by("pk")}
    chosen, former = rows[methodology.pk], next((row for row in rows.values() if row.is_default), None)
    if chosen == former:
        raise ValidationError(_("It is the state's default already."))
    again = [period for period in periods_to_judge(chosen) if period.start >= from_month]
    if former is not None:
        former.is_default, former.in_use_from = False, former.in_use_from or EVER
        former.save(update_fields=["is_default", "in_use_from"])
    # Outcomes are judged by the default too, so this is a use.
    chosen.is_default, chosen.in_use_from = True, from_month
    chosen.first_used_at = chosen.first_used_at or timezone.now()
    chosen.save(update_fields=["is_default", "in_use_from", "first_used_at"])
    return [
        request_scorecards(
            period_start=period.start,
            months=period.months,
            methodology=chosen,
            vendors=Vendor.objects.all(),
            by=by,
        )
        for period in reversed(again)
    ]
