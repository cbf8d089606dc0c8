"""The one rule of who sees what: fetching is authorising.

Every model's queryset derives from `ScopedQuerySet`. A row belongs to organizations; the queryset
names the paths that lead from a row to them, and the rules of all seven roles follow. A model that
names nothing is seen by those who see everything and by nobody else.

What many models share stands here too, each as a base: rows of one person (`OwnQuerySet`), parts of a
whole (`PartQuerySet`), open definitions (`OpenQuerySet`). What the office keeps (`OfficeKept`) and what
nobody writes by hand (`Unwritten`) stand before the base that says who sees it.
"""

from typing import Any, ClassVar, Protocol, Self, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person or system is to the CIO's office."""

    CIO_OFFICE = "cio_office", _("CIO office")
    BRM_MANAGER = "brm_manager", _("BRM manager")
    AGENCY_MEMBER = "agency_member", _("Agency member")
    VENDOR_MEMBER = "vendor_member", _("Vendor member")
    MSI_MEMBER = "msi_member", _("Multisource integrator (MSI) member")
    AUDITOR = "auditor", _("Auditor")
    INTEGRATION = "integration", _("Integration")


# --- sets of roles: each is named here, once, by who is in it ---

Roles = frozenset[Role]

OFFICE: Roles = frozenset({Role.CIO_OFFICE})
AUDITORS: Roles = frozenset({Role.AUDITOR})
AGENCY_MEMBERS: Roles = frozenset({Role.AGENCY_MEMBER})
VENDOR_MEMBERS: Roles = frozenset({Role.VENDOR_MEMBER})
MSI_MEMBERS: Roles = frozenset({Role.MSI_MEMBER})
# Who changes what they are assigned to, and the office everything.
EDITORS: Roles = OFFICE | {Role.BRM_MANAGER}
# Who watches over what others do.
OVERSEERS: Roles = OFFICE | AUDITORS
# Who sees everything but others' private notes.
STAFF: Roles = EDITORS | AUDITORS
# Who buys and who supplies, without those that integrate.
AGENCIES_AND_VENDORS: Roles = AGENCY_MEMBERS | VENDOR_MEMBERS
PARTNERS: Roles = AGENCIES_AND_VENDORS | MSI_MEMBERS
# Who supplies, and who integrates what others supply.
SUPPLIERS: Roles = VENDOR_MEMBERS | MSI_MEMBERS
# Every person; an integration acts for one of them.
EVERYONE: Roles = STAFF | PARTNERS
# Every person who may change anything at all.
WRITERS: Roles = EDITORS | PARTNERS
STAFF_AND_AGENCIES: Roles = STAFF | AGENCY_MEMBERS
STAFF_AND_VENDORS: Roles = STAFF | VENDOR_MEMBERS
STAFF_AND_INTEGRATORS: Roles = STAFF | MSI_MEMBERS
# The two sides of a contract, and those who look at both.
PARTIES: Roles = STAFF_AND_AGENCIES | VENDOR_MEMBERS
# Who enters measurements.
MEASURERS: Roles = EDITORS | MSI_MEMBERS
CONTACT_KEEPERS: Roles = EDITORS | AGENCY_MEMBERS
NO_ROLE: Roles = frozenset()

EVERYBODY = Q(pk__isnull=False)
NOBODY = Q(pk__in=[])


# --- who asks ---


class Actor(Protocol):
    """Who asks, as far as access goes: a person or another system, with a role and organizations."""

    @property
    def pk(self) -> Any: ...

    @property
    def is_active(self) -> bool: ...

    @property
    def role(self) -> str: ...

    @property
    def owner(self) -> Self | None: ...

    def member_organizations(self) -> QuerySet[Any]:
        """Organizations it belongs to today, and all below them."""

    def managed_organizations(self) -> QuerySet[Any]:
        """Organizations it is assigned to today as BRM manager, and all below them."""


Visitor = Actor | AnonymousUser
A = TypeVar("A", bound=Actor)


def acting_user(user: A | AnonymousUser) -> A | None:
    """The person whose rule applies: an integration acts by the rule of its owner; nobody where there is none."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return None
    if user.role in EVERYONE:
        return user
    owner = user.owner
    if owner is not None and owner.is_active and owner.role in EVERYONE:
        return owner
    return None


# --- which rows ---


class ScopedQuerySet(QuerySet[Any]):
    """Rows by the access rule. Subclasses name paths from a row to `Organization`, or override a rule.

    Paths may run through relations that a higher room adds; they are strings, so no import points up.
    """

    agency_paths: ClassVar[tuple[str, ...]] = ()
    vendor_paths: ClassVar[tuple[str, ...]] = ()
    # Paths a BRM manager's assignments reach for editing; by default the same as both sides' paths.
    manager_paths: ClassVar[tuple[str, ...] | None] = None
    creator_roles: ClassVar[Roles] = EDITORS

    # --- reading ---

    def visible_to(self, user: Visitor) -> Self:
        """The rows `user` may see; none for strangers."""
        actor = acting_user(user)
        return self.none() if actor is None else self.filter(self.reading_rule(actor))

    def reading_rule(self, user: Actor) -> Q:
        """What a person sees, by role."""
        match user.role:
            case Role.CIO_OFFICE | Role.BRM_MANAGER | Role.AUDITOR:
                return self.staff_rule(user)
            case Role.AGENCY_MEMBER:
                return self.agency_rule(user)
            case Role.VENDOR_MEMBER:
                return self.vendor_rule(user)
            case Role.MSI_MEMBER:
                return self.msi_rule(user)
        return NOBODY

    def staff_rule(self, user: Actor) -> Q:
        """What CIO office, BRM managers and auditors see: everything, unless a model keeps private rows."""
        return EVERYBODY

    def agency_rule(self, user: Actor) -> Q:
        """What an agency member sees."""
        return self.reached(self.agency_paths, user.member_organizations())

    def vendor_rule(self, user: Actor) -> Q:
        """What a vendor member sees."""
        return self.reached(self.vendor_paths, user.member_organizations())

    def msi_rule(self, user: Actor) -> Q:
        """What an MSI member sees."""
        return NOBODY

    # --- writing ---

    def editable_by(self, user: Visitor) -> Self:
        """The rows `user` may change: a subset of the visible ones."""
        actor = acting_user(user)
        return self.none() if actor is None else self.visible_to(actor).filter(self.editing_rule(actor))

    def editing_rule(self, user: Actor) -> Q:
        """Which of the rows a person sees that person may change, by role."""
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

    def manager_rule(self, user: Actor) -> Q:
        """What a BRM manager may change: rows of the organizations they are assigned to."""
        paths = self.agency_paths + self.vendor_paths if self.manager_paths is None else self.manager_paths
        return self.reached(paths, user.managed_organizations())

    def agency_editor_rule(self, user: Actor) -> Q:
        """What an agency member may change."""
        return NOBODY

    def vendor_editor_rule(self, user: Actor) -> Q:
        """What a vendor member may change."""
        return NOBODY

    def msi_editor_rule(self, user: Actor) -> Q:
        """What an MSI member may change."""
        return NOBODY

    def creatable_by(self, user: Visitor) -> bool:
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


class OfficeKept:
    """What the CIO's office keeps: nobody else makes or changes it."""

    creator_roles: ClassVar[Roles] = OFFICE

    def editing_rule(self, user: Actor) -> Q:
        return EVERYBODY if user.role in OFFICE else NOBODY


class Unwritten:
    """What the portal writes by itself: nobody makes or changes it by hand."""

    creator_roles: ClassVar[Roles] = NO_ROLE

    def editing_rule(self, user: Actor) -> Q:
        return NOBODY


class OpenQuerySet(OfficeKept, ScopedQuerySet):
    """Definitions that everyone who is logged in may read, and only the CIO's office changes."""

    def reading_rule(self, user: Actor) -> Q:
        return EVERYBODY


class OwnQuerySet(ScopedQuerySet):
    """Rows of one person each: nobody else sees them, and whose they are may change them, auditors too."""

    # The field that names the person.
    person: ClassVar[str] = "user"
    creator_roles = EVERYONE

    def own_rule(self, user: Actor) -> Q:
        """The rows of one person."""
        return Q(**{self.person: user})

    def reading_rule(self, user: Actor) -> Q:
        return self.own_rule(user)

    def editing_rule(self, user: Actor) -> Q:
        return EVERYBODY


class OverseenQuerySet(OwnQuerySet):
    """What people ask for or send: each sees the own rows, the CIO's office and auditors all; auditors change none."""

    def reading_rule(self, user: Actor) -> Q:
        return EVERYBODY if user.role in OVERSEERS else self.own_rule(user)

    def editing_rule(self, user: Actor) -> Q:
        return EVERYBODY if user.role in WRITERS else NOBODY


class PartQuerySet(ScopedQuerySet):
    """Parts of a whole: who sees the whole sees them, and who may change the whole may change them."""

    # The field that names the whole.
    whole: ClassVar[str]

    def staff_rule(self, user: Actor) -> Q:
        return self.of_whole(self.wholes().reading_rule(user))

    agency_rule = staff_rule
    vendor_rule = staff_rule
    msi_rule = staff_rule

    def editing_rule(self, user: Actor) -> Q:
        return self.of_whole(self.wholes().editing_rule(user))

    def wholes(self) -> ScopedQuerySet:
        """All that rows of this model can be part of."""
        field: Any = self.model._meta.get_field(self.whole)
        return cast(ScopedQuerySet, field.related_model._default_manager.all())

    def of_whole(self, rule: Q) -> Q:
        """Parts of the wholes that a rule holds for; everybody's and nobody's need no look at them."""
        if rule in (EVERYBODY, NOBODY):
            return rule
        return Q(**{f"{self.whole}__in": self.wholes().filter(rule).order_by().values("pk")})


# --- the last word ---


def confirm_editable(row: models.Model, user: Visitor) -> None:
    """Refuse a write whose result `user` may not edit; call inside its transaction, after saving.

    Raises PermissionDenied, which rolls the write back.
    """
    manager = cast(ScopedQuerySet, type(row)._default_manager.all())
    if not manager.editable_by(user).filter(pk=row.pk).exists():
        raise PermissionDenied


def acting_in(user: A | AnonymousUser, roles: Roles) -> A:
    """Who acts, an integration as its owner. Raises PermissionDenied to everybody but `roles`."""
    actor = acting_user(user)
    if actor is not None and actor.role in roles:
        return actor
    raise PermissionDenied


def require_role(user: Actor, roles: Roles) -> None:
    """Refuse an operation to everyone but `roles`. Raises PermissionDenied."""
    if user.is_active and user.role in roles:
        return
    raise PermissionDenied
