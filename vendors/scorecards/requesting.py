"""Asking for scorecards to be computed: a job, whose ranges of vendors are computed one by one."""

import datetime
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.access import EDITORS, require_role
from kernel.accounts.models import User
from kernel.jobs.models import Job
from kernel.jobs.operations import start_job
from kernel.jobs.working import range_task
from metrics.measurements.folding import fold_due
from metrics.models import Methodology
from vendors.models import Scorecard, Vendor
from vendors.querysets.vendors import VendorQuerySet
from vendors.scorecards.computing import compute_scorecards
from vendors.scorecards.periods import Period

VENDORS_PER_RANGE = 200


@range_task("vendors.compute_range", before=fold_due)
def compute_range(params: dict[str, Any], payload: list[int]) -> dict[str, int]:
    """Compute the scorecards of some vendors for one period, from measurements that are all folded."""
    computed = compute_scorecards(
        period_start=datetime.date.fromisoformat(params["period_start"]),
        months=params["months"],
        methodology=Methodology.objects.get(pk=params["methodology"]),
        vendors=Vendor.objects.filter(pk__in=payload),
    )
    return asdict(computed)


def request_scorecards(
    *, period_start: datetime.date, months: int, methodology: Methodology, vendors: VendorQuerySet, by: User | None
) -> Job:
    """Have the scorecards of `vendors` for one period computed, as drafts; the same request joins one under way.

    Nobody in particular (`by` None) is the portal itself. Raises PermissionDenied to everyone but the CIO's office
    and BRM managers, who may ask for the vendors they are assigned to; ValidationError where the period lies wholly
    ahead.
    """
    if by is not None:
        require_role(by, EDITORS)
        if vendors.exclude(pk__in=Vendor.objects.editable_by(by).order_by().values("pk")).exists():
            raise PermissionDenied
    if period_start > timezone.localdate():
        raise ValidationError({"period_start": _("This month has not begun yet.")})
    keys = list(vendors.order_by("pk").values_list("pk", flat=True))
    period = Period(period_start, months)
    return start_job(
        task=compute_range,
        title=_("Scorecards for %(period)s by %(methodology)s") % {"period": period, "methodology": methodology},
        params={"period_start": period_start.isoformat(), "months": months, "methodology": methodology.pk},
        ranges=[keys[start : start + VENDORS_PER_RANGE] for start in range(0, len(keys), VENDORS_PER_RANGE)],
        by=by,
        result_url=_drafts_url(period, methodology),
    )


def _drafts_url(period: Period, methodology: Methodology) -> str:
    wanted = {"period": period.code, "methodology": methodology.code, "status": Scorecard.Status.DRAFT.value}
    return f"{reverse('vendors:scorecard_list')}?{urlencode(wanted)}"
