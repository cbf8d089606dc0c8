"""Access rules and domain words of webhooks: the CIO's office keeps them, auditors see them."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q
from django.db.models.functions import Now

from kernel.access import EVERYBODY, NOBODY, Role, ScopedQuerySet
from kernel.expressions import counted

if TYPE_CHECKING:
    from kernel.accounts.models import User


class OfficeQuerySet(ScopedQuerySet):
    """Rows that concern the office alone."""

    manager_paths = ()
    creator_roles = frozenset({Role.CIO_OFFICE})

    def staff_rule(self, user: "User") -> Q:
        return NOBODY if user.role == Role.BRM_MANAGER else EVERYBODY


class EndpointQuerySet(OfficeQuerySet):
    """Endpoints."""

    def active(self) -> Self:
        """Endpoints that are not switched off."""
        return self.filter(disabled_at__isnull=True)

    def told_of(self, event: str) -> Self:
        """Active endpoints that are told of an event."""
        return self.active().filter(event_types__contains=[event])


class DeliveryQuerySet(OfficeQuerySet):
    """Deliveries."""

    creator_roles = frozenset()

    def due(self) -> Self:
        """Messages whose next attempt may begin."""
        return self.filter(state="waiting", next_attempt_at__lte=Now(), endpoint__disabled_at__isnull=True)

    def with_attempts(self) -> Self:
        """Messages with how many attempts were made, as `attempts_made`."""
        attempts = self.model._meta.get_field("attempts").related_model.objects.all()
        return self.annotate(attempts_made=counted(attempts, "delivery"))


class AttemptQuerySet(OfficeQuerySet):
    """Attempts."""

    creator_roles = frozenset()
