"""Publication of scorecards."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from kernel.access import OFFICE, require_role
from kernel.accounts.models import User
from metrics.models import Methodology
from vendors.models import Scorecard, Vendor
from vendors.querysets.scorecards import ScorecardQuerySet
from vendors.scorecards.computing import lock_vendors
from vendors.scorecards.consequences import tell_managers
from vendors.scorecards.telling import tell_of_published


def publish_scorecards(*, scorecards: ScorecardQuerySet, by: User) -> int:
    """Publish those of `scorecards` that are not yet, and return how many; earlier revisions are superseded.

    Raises PermissionDenied to everyone but the CIO's office.
    """
    require_role(by, OFFICE)
    with transaction.atomic():
        lock_vendors(Vendor.objects.filter(pk__in=scorecards.order_by().values("vendor")))
        opened = scorecards.exclude(status=Scorecard.Status.PUBLISHED)
        keys = list(opened.order_by().values_list("pk", flat=True))
        now = timezone.now()
        newer = Scorecard.objects.filter(
            pk__in=keys,
            vendor=OuterRef("vendor"),
            period_start=OuterRef("period_start"),
            months=OuterRef("months"),
            methodology=OuterRef("methodology"),
        )
        Scorecard.objects.current().filter(Exists(newer)).update(superseded_at=now)
        used = Scorecard.objects.filter(pk__in=keys).order_by().values("methodology")
        Methodology.objects.filter(pk__in=used, first_used_at=None).update(first_used_at=now)
        published = Scorecard.objects.filter(pk__in=keys)
        count = published.update(status=Scorecard.Status.PUBLISHED, published_at=now, published_by=by)
        tell_of_published(published)
        tell_managers(published)
        return count
