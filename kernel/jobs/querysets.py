"""Access rules and domain words of long work."""

from typing import Self

from django.db.models import Q

from kernel.access import NO_ROLE, Actor, OverseenQuerySet, PartQuerySet, Unwritten


class JobQuerySet(OverseenQuerySet):
    """Jobs: whoever asked for one sees it, alone or beside others; the CIO's office and auditors see all."""

    person = "requested_by"
    creator_roles = NO_ROLE  # Each kind of work has a page of its own to ask for it.

    def own_rule(self, user: Actor) -> Q:
        joined = self.model._base_manager.filter(joined_by=user)
        return super().own_rule(user) | Q(pk__in=joined.values("pk"))

    def unfinished(self) -> Self:
        """Jobs that wait or run."""
        return self.filter(state__in=self.model.UNFINISHED)


class JobRangeQuerySet(Unwritten, PartQuerySet):
    """Ranges are seen with their job."""

    whole = "job"
