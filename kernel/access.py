"""The one rule of who sees what: fetching is authorising.

Every model's queryset derives from `ScopedQuerySet`. A row belongs to organizations; the queryset
names the paths that lead from a row to them, and the rules of all seven roles follow. A model that
names nothing is seen by those who see everything and by nobody else.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from kernel.accounts.models import User


class Role(models.TextChoices):
    """What a person or system is to the CIO's office."""

    CIO_OFFICE = "cio_office", _("CIO office")
    BRM_MANAGER = "brm_manager", _("BRM manager")
    AGENCY_MEMBER = "agency_member", _("Agency member")
    VENDOR_MEMBER = "vendor_member", _("Vendor member")
    MSI_MEMBER = "msi_member", _("Multisource integrator (MSI) member")
    AUDITOR = "auditor", _("Auditor")
    INTEGRATION = "integration", _("Integration")


SEES_EVERYTHING = frozenset({Role.CIO_OFFICE, Role.BRM_MANAGER, Role.AUDITOR})
# Who buys and who supplies, without those that integrate.
AGENCIES_AND_VENDORS = frozenset({Role.AGENCY_MEMBER, Role.VENDOR_MEMBER})
PARTNERS = AGENCIES_AND_VENDORS | {Role.MSI_MEMBER}
EVERYBODY = Q(pk__isnull=False)
NOBODY = Q(pk__in=[])


def acting_user(user: "User | AnonymousUser") -> "User | None":
    """The person whose rule applies: an integration acts by the rule of its owner; nobody where there is none."""
    if not user.is_authenticated or not user.is_active:
        return None
    if user.role != Role.INTEGRATION:
        return user
    owner = user.owner
    if owner is None or not owner.is_active or owner.role == Role.INTEGRATION:
        return None
    return owner


class ScopedQuerySet(QuerySet[Any]):
    """Rows by the access rule. Subclasses name paths from a row to `Organization`, or override a rule.

    Paths may run through relations that a higher room adds; they are strings, so no import points up.
    """

    agency_paths: ClassVar[tuple[str, ...]] = ()
    vendor_paths: ClassVar[tuple[str, ...]] = ()
    # Paths a BRM manager's assignments reach for editing; by default the same as both sides' paths.
    manager_paths: ClassVar[tuple[str, ...] | None] = None
    creator_roles: ClassVar[frozenset[Role]] = frozenset({Role.CIO_OFFICE, Role.BRM_MANAGER})

    # --- reading ---

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The rows `user` may see; none for strangers."""
        actor = acting_user(user)
        if actor is None:
            return self.none()
        if actor.role in SEES_EVERYTHING:
            return self.filter(self.staff_rule(actor))
        return self.filter(self._reader_rule(actor))

    def _reader_rule(self, user: "User") -> Q:
        match user.role:
            case Role.AGENCY_MEMBER:
                return self.agency_rule(user)
            case Role.VENDOR_MEMBER:
                return self.vendor_rule(user)
            case Role.MSI_MEMBER:
                return self.msi_rule(user)
        return NOBODY

    def staff_rule(self, user: "User") -> Q:
        """What CIO office, BRM managers and auditors see: everything, unless a model keeps private rows."""
        return EVERYBODY

    def agency_rule(self, user: "User") -> Q:
        """What an agency member sees."""
        return self.reached(self.agency_paths, user.member_organizations())

    def vendor_rule(self, user: "User") -> Q:
        """What a vendor member sees."""
        return self.reached(self.vendor_paths, user.member_organizations())

    def msi_rule(self, user: "User") -> Q:
        """What an MSI member sees."""
        return NOBODY

    # --- writing ---

    def editable_by(self, user: "User | AnonymousUser") -> Self:
        """The rows `user` may change: a subset of the visible ones."""
        actor = acting_user(user)
        if actor is None:
            return self.none()
        return self.visible_to(actor).filter(self._editor_rule(actor))

    def _editor_rule(self, user: "User") -> Q:
        match user.role:
            case Role.CIO_OFFICE:
                return EVERYBODY
            case Role.BRM_MANAGER:
                return self.manager_rule(user)
            case Role.AGENCY_MEMBER:
                return self.agency_editor_rule(user)
            case Role.VENDOR_MEMBER:
                return self.vendor_editor_rule(user)
            case Role.MSI_MEMBER:
                return self.msi_editor_rule(user)
        return NOBODY

    def manager_rule(self, user: "User") -> Q:
        """What a BRM manager may change: rows of the organizations they are assigned to."""
        paths = self.agency_paths + self.vendor_paths if self.manager_paths is None else self.manager_paths
        return self.reached(paths, user.managed_organizations())

    def agency_editor_rule(self, user: "User") -> Q:
        """What an agency member may change."""
        return NOBODY

    def vendor_editor_rule(self, user: "User") -> Q:
        """What a vendor member may change."""
        return NOBODY

    def msi_editor_rule(self, user: "User") -> Q:
        """What an MSI member may change."""
        return NOBODY

    def creatable_by(self, user: "User | AnonymousUser") -> bool:
        """Whether `user` may create rows of this model at all; `confirm_editable` then has the last word."""
        actor = acting_user(user)
        return actor is not None and actor.role in self.creator_roles

    # --- helpers ---

    def reached(self, paths: tuple[str, ...], organizations: QuerySet[Any]) -> Q:
        """Rows that one of `paths` leads to `organizations`; subqueries, so that no row comes twice."""
        rule = NOBODY
        for path in paths:
            if "__" in path:
                rows = self.model._base_manager.filter(**{f"{path}__in": organizations.values("pk")})
                rule |= Q(pk__in=rows.values("pk"))
            else:
                rule |= Q(**{f"{path}__in": organizations.values("pk")})
        return rule


class OpenQuerySet(ScopedQuerySet):
    """Definitions that everyone who is logged in may read, and only the CIO's office changes."""

    manager_paths = ()
    creator_roles = frozenset({Role.CIO_OFFICE})

    def agency_rule(self, user: "User") -> Q:
        return EVERYBODY

    def vendor_rule(self, user: "User") -> Q:
        return EVERYBODY

    def msi_rule(self, user: "User") -> Q:
        return EVERYBODY


def confirm_editable(row: models.Model, user: "User | AnonymousUser") -> None:
    """Refuse a write whose result `user` may not edit; call inside its transaction, after saving.

    Raises PermissionDenied, which rolls the write back.
    """
    manager = cast(ScopedQuerySet, type(row)._default_manager.all())
    if not manager.editable_by(user).filter(pk=row.pk).exists():
        raise PermissionDenied


def require_role(user: "User", *roles: Role) -> None:
    """Refuse an operation to everyone but `roles`. Raises PermissionDenied."""
    if not user.is_active or user.role not in roles:
        raise PermissionDenied
