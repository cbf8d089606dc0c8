"""Access rules and domain words of long work."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from kernel.access import EVERYBODY, Role, ScopedQuerySet

if TYPE_CHECKING:
    from kernel.accounts.models import User

OVERSEERS = frozenset({Role.CIO_OFFICE, Role.AUDITOR})


class JobQuerySet(ScopedQuerySet):
    """Jobs: whoever asked for one sees it; the CIO's office and auditors see all."""

    creator_roles = frozenset()  # Each kind of work has a page of its own to ask for it.

    def _asked_for_by(self, user: "User") -> Q:
        joined = self.model._base_manager.filter(joined_by=user)
        return Q(requested_by=user) | Q(pk__in=joined.values("pk"))

    def staff_rule(self, user: "User") -> Q:
        return EVERYBODY if user.role in OVERSEERS else self._asked_for_by(user)

    def agency_rule(self, user: "User") -> Q:
        return self._asked_for_by(user)

    vendor_rule = agency_rule
    msi_rule = agency_rule
    manager_rule = agency_rule
    agency_editor_rule = agency_rule
    vendor_editor_rule = agency_rule
    msi_editor_rule = agency_rule

    def unfinished(self) -> Self:
        """Jobs that wait or run."""
        return self.filter(state__in=self.model.UNFINISHED)


class JobRangeQuerySet(ScopedQuerySet):
    """Ranges are seen with their job."""

    manager_paths = ()
    creator_roles = frozenset()

    def staff_rule(self, user: "User") -> Q:
        jobs = self.model._meta.get_field("job").related_model._default_manager
        return Q(job__in=jobs.visible_to(user).values("pk"))

    agency_rule = staff_rule
    vendor_rule = staff_rule
    msi_rule = staff_rule
