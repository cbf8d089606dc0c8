"""Access rules of saved views."""

from typing import TYPE_CHECKING

from django.db.models import Q

from kernel.access import NOBODY, SEES_EVERYTHING, Role, ScopedQuerySet
from kernel.directory.models import Membership

if TYPE_CHECKING:
    from kernel.accounts.models import User

MAKERS = frozenset({Role.CIO_OFFICE, Role.BRM_MANAGER, Role.AGENCY_MEMBER, Role.VENDOR_MEMBER, Role.MSI_MEMBER})


class SavedViewQuerySet(ScopedQuerySet):
    """One's own, and what colleagues share: staff with staff, members of an organization with each other."""

    creator_roles = MAKERS

    def staff_rule(self, user: "User") -> Q:
        return Q(owner=user) | Q(is_shared=True, owner__role__in=SEES_EVERYTHING)

    def agency_rule(self, user: "User") -> Q:
        belonging = Membership.objects.in_force().belonging()
        colleagues = belonging.filter(organization__in=user.member_organizations().values("pk")).order_by()
        shared = Q(is_shared=True, owner__role=user.role, owner__in=colleagues.values("user"))
        return Q(owner=user) | shared

    vendor_rule = agency_rule
    msi_rule = agency_rule

    def _editor_rule(self, user: "User") -> Q:
        return Q(owner=user) if user.role in MAKERS else NOBODY
