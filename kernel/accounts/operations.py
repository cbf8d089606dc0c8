"""Writes about who may log in; each checks first who asks."""

import datetime
from collections.abc import Collection
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.access import EVERYONE, OFFICE, Role
from kernel.accounts.models import ApiToken, CalendarAddress, User
from kernel.accounts.scopes import all_scopes
from kernel.accounts.tokens import digest_of, new_secret, prefix_of
from kernel.directory.models import Membership, Organization
from kernel.directory.querysets import MembershipQuerySet
from kernel.directory.whom import the_office

TOKEN_LIVES_AT_MOST = timedelta(days=366)
Capacity = Membership.Capacity
# In which capacities a role belongs to organizations.
CAPACITIES: dict[str, frozenset[str]] = {
    Role.CIO_OFFICE: frozenset({Capacity.MEMBER}),
    Role.BRM_MANAGER: frozenset({Capacity.MEMBER, Capacity.MANAGER_PRIMARY, Capacity.MANAGER_BACKUP}),
    Role.AGENCY_MEMBER: frozenset({Capacity.MEMBER}),
    Role.VENDOR_MEMBER: frozenset({Capacity.MEMBER}),
    Role.MSI_MEMBER: frozenset({Capacity.MSI}),
    Role.AUDITOR: frozenset(),
    Role.INTEGRATION: frozenset(),
}


# --- people ---


def lock_office(by: User) -> list[User]:
    """The active people of the CIO's office, locked, so that two of them cannot close each other's account.

    Raises PermissionDenied where `by` is not one of them.
    """
    office = the_office().order_by("pk").select_for_update()
    people = list(office)
    if by not in people:
        raise PermissionDenied
    return people


@transaction.atomic
def invite_user(*, email: str, name: str, role: str, by: User, owner: User | None = None) -> User:
    """Create an account without a password; people set theirs through the link of their invitation."""
    lock_office(by)
    _check_owner(role, owner)
    return User.objects.create_user(email, name=name, role=role, owner=owner)


def _check_owner(role: str, owner: User | None) -> None:
    if role == Role.INTEGRATION and (owner is None or owner.role == Role.INTEGRATION or not owner.is_active):
        raise ValidationError({"owner": _("Choose the person the integration acts for, one with an active account.")})
    if role in EVERYONE and owner is not None:
        raise ValidationError({"owner": _("Only an integration has an owner.")})


@transaction.atomic
def change_role(*, user: User, role: str, by: User, owner: User | None = None) -> User:
    """Give a user another role; tokens end, and so do memberships in capacities the new role does not have."""
    lock_office(by)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.role == role and user.owner == owner:
        return user
    _check_role_change(user, role, by)
    _check_owner(role, owner)
    user.role, user.owner = role, owner
    user.save(update_fields=["role", "owner"])
    revoke_all_tokens(user)
    unfit = user.memberships.lasting_beyond(timezone.localdate())
    end_all(unfit.exclude(capacity__in=CAPACITIES[role]), reason=_("Another role"))
    return user


def _check_role_change(user: User, role: str, by: User) -> None:
    if user.role == role:
        return
    if user.pk == by.pk:
        raise ValidationError({"role": _("Somebody else of the CIO's office must change your role.")})
    if Role.INTEGRATION in (user.role, role):
        raise ValidationError({"role": _("A person does not become an integration, nor the other way round.")})


@transaction.atomic
def update_user(*, user: User, name: str, email: str, role: str, by: User, owner: User | None = None) -> User:
    """Change who somebody is, and what to the CIO's office."""
    lock_office(by)
    user = User.objects.select_for_update().get(pk=user.pk)
    user.name, user.email = name, email
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "email"])
    return change_role(user=user, role=role, by=by, owner=owner)


def rename_oneself(*, name: str, by: User) -> None:
    """Change one's own name."""
    User.objects.filter(pk=by.pk).update(name=name)


@transaction.atomic
def deactivate_user(*, user: User, by: User, end_memberships: bool = True) -> None:
    """Close an account: no way in any more, tokens end at once, also those of integrations it owns."""
    office = lock_office(by)
    if user.pk == by.pk:
        raise ValidationError(_("Somebody else of the CIO's office must deactivate you."))
    if office == [user]:
        raise ValidationError(_("The last account of the CIO's office stays."))
    User.objects.filter(pk=user.pk).update(is_active=False)
    revoke_all_tokens(user)
    if end_memberships:
        end_all(user.memberships.lasting_beyond(timezone.localdate()), reason=_("Account deactivated"))


@transaction.atomic
def reactivate_user(*, user: User, by: User) -> None:
    """Open an account again; tokens and ended memberships stay ended."""
    lock_office(by)
    User.objects.filter(pk=user.pk).update(is_active=True)


@transaction.atomic
def reset_second_factor(*, user: User, by: User) -> None:
    """Take a lost second factor off an account; whoever must have one sets up a new one."""
    lock_office(by)
    if user.pk == by.pk:
        raise PermissionDenied
    Authenticator.objects.filter(user=user).delete()


# --- memberships ---


@transaction.atomic
def assign_membership(
    *,
    user: User,
    organization: Organization,
    capacity: str,
    starts_on: datetime.date,
    by: User,
    ends_on: datetime.date | None = None,
    reason: str = "",
) -> Membership:
    """Let a user belong to an organization in a capacity, for a time."""
    lock_office(by)
    if capacity not in CAPACITIES[user.role]:
        raise ValidationError({"capacity": _("This person's role does not belong to organizations in this capacity.")})
    membership = Membership(
        user=user,
        organization=organization,
        capacity=capacity,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
    )
    membership.full_clean()
    membership.save()
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, ends_on: datetime.date, reason: str, by: User) -> None:
    """Set a membership's last day; the row stays as the record of who was responsible when."""
    lock_office(by)
    if not reason:
        raise ValidationError({"reason": _("Say why it ends.")})
    membership.ends_on, membership.reason = ends_on, reason
    membership.full_clean()
    membership.save(update_fields=["ends_on", "reason"])


def end_all(memberships: MembershipQuerySet, *, reason: str) -> None:
    """End memberships with today; those that would begin later never do."""
    today = timezone.localdate()
    memberships.filter(starts_on__gt=today).delete()
    memberships.filter(starts_on__lte=today).update(ends_on=today, reason=reason)


# --- tokens ---


def may_issue_token(*, user: User, by: User) -> bool:
    """Whether `by` may make tokens for `user`: people for themselves, the CIO's office for integrations."""
    if user.role == Role.INTEGRATION:
        return by.is_active and by.role in OFFICE
    return by.is_active and by.pk == user.pk


@transaction.atomic
def issue_token(
    *, user: User, name: str, scopes: Collection[str], expires_at: datetime.datetime, by: User
) -> tuple[ApiToken, str]:
    """Make an API token; the second value is the token itself, which nobody can show again."""
    if not may_issue_token(user=user, by=by):
        raise PermissionDenied
    if not scopes or not set(scopes) <= set(all_scopes()):
        raise ValidationError({"scopes": _("Choose at least one of the listed permissions.")})
    now = timezone.now()
    if not now < expires_at <= now + TOKEN_LIVES_AT_MOST:
        raise ValidationError({"expires_at": _("A token expires after today and within a year.")})
    secret = new_secret()
    token = ApiToken(
        user=user,
        name=name,
        prefix=prefix_of(secret),
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        issued_for_role=user.role,
        expires_at=expires_at,
    )
    token.full_clean()
    token.save()
    return token, secret


def revoke_token(*, token: ApiToken, by: User) -> None:
    """End a token at once."""
    rows = ApiToken.objects.editable_by(by).filter(pk=token.pk)
    if not rows.exists():
        raise PermissionDenied
    rows.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())


def revoke_all_tokens(user: User) -> None:
    """End the secrets of a user and of the integrations that act for it, as part of an operation."""
    owned = Q(user=user) | Q(user__owner=user)
    for secrets in (ApiToken.objects, CalendarAddress.objects):
        secrets.filter(owned, revoked_at__isnull=True).update(revoked_at=timezone.now())


@transaction.atomic
def issue_calendar_address(*, by: User) -> tuple[CalendarAddress, str]:
    """Make one's own calendar address, in place of the one before; the second value is its secret, shown once."""
    User.objects.select_for_update().get(pk=by.pk)
    CalendarAddress.objects.filter(user=by, revoked_at__isnull=True).update(revoked_at=timezone.now())
    secret = new_secret()
    address = CalendarAddress.objects.create(
        user=by, prefix=prefix_of(secret), digest=digest_of(secret), issued_for_role=by.role
    )
    return address, secret


def revoke_calendar_address(*, address: CalendarAddress, by: User) -> None:
    """End a calendar address at once."""
    rows = CalendarAddress.objects.editable_by(by).filter(pk=address.pk)
    if not rows.exists():
        raise PermissionDenied
    rows.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
