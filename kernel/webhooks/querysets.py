"""Access rules and domain words of webhooks: the CIO's office keeps them, auditors see them."""

from typing import Any, Self

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from kernel.access import NO_ROLE, NOBODY, OVERSEERS, Actor, OfficeKept, PartQuerySet, ScopedQuerySet, Unwritten
from kernel.expressions import counted


class EndpointQuerySet(OfficeKept, ScopedQuerySet):
    """Endpoints concern the office alone."""

    def reading_rule(self, user: Actor) -> Q:
        return self.staff_rule(user) if user.role in OVERSEERS else NOBODY

    def active(self) -> Self:
        """Endpoints that are not switched off."""
        return self.filter(disabled_at__isnull=True)

    def told_of(self, event: str) -> Self:
        """Active endpoints that are told of an event."""
        return self.active().filter(event_types__contains=[event])


class DeliveryQuerySet(PartQuerySet):
    """Messages are seen with their endpoint; whoever may change that may send them again."""

    whole = "endpoint"
    creator_roles = NO_ROLE

    def due(self) -> Self:
        """Messages whose next attempt may begin."""
        return self.filter(state="waiting", next_attempt_at__lte=Now(), endpoint__disabled_at__isnull=True)

    def with_attempts(self, attempts: QuerySet[Any]) -> Self:
        """Messages with how many of these attempts are theirs, as `attempts_made`."""
        return self.annotate(attempts_made=counted(attempts, "delivery"))


class AttemptQuerySet(Unwritten, PartQuerySet):
    """Attempts are seen with their message."""

    whole = "delivery"
