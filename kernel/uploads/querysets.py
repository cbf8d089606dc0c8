"""Who sees files that were sent."""

from typing import TYPE_CHECKING

from django.db.models import Q

from kernel.access import EVERYBODY, Role, ScopedQuerySet

if TYPE_CHECKING:
    from kernel.accounts.models import User


class UploadQuerySet(ScopedQuerySet):
    """Files: whoever sent one sees it; the CIO's office and auditors see all."""

    overseers = frozenset({Role.CIO_OFFICE, Role.AUDITOR})

    def staff_rule(self, user: "User") -> Q:
        return EVERYBODY if user.role in self.overseers else Q(started_by=user)

    def manager_rule(self, user: "User") -> Q:
        return Q(started_by=user)


class UploadPartQuerySet(ScopedQuerySet):
    """Pieces of files are read through their upload's page alone."""

    def staff_rule(self, user: "User") -> Q:
        uploads = self.model._meta.get_field("owner").related_model._default_manager
        return Q(owner__in=uploads.visible_to(user).values("pk"))
