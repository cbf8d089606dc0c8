"""Access rules of saved views."""

from django.db.models import Q

from kernel.access import NOBODY, STAFF, WRITERS, Actor, ScopedQuerySet
from kernel.directory.models import Membership


class SavedViewQuerySet(ScopedQuerySet):
    """One's own, and what colleagues share: staff with staff, members of an organization with each other."""

    creator_roles = WRITERS

    def reading_rule(self, user: Actor) -> Q:
        return Q(owner=user) | Q(self.colleagues_rule(user), is_shared=True)

    def colleagues_rule(self, user: Actor) -> Q:
        """Views of a person's colleagues."""
        if user.role in STAFF:
            return Q(owner__role__in=STAFF)
        belonging = Membership.objects.in_force().belonging()
        colleagues = belonging.filter(organization__in=user.member_organizations().values("pk")).order_by()
        return Q(owner__role=user.role, owner__in=colleagues.values("user"))

    def editing_rule(self, user: Actor) -> Q:
        return Q(owner=user) if user.role in WRITERS else NOBODY
