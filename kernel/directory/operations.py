"""Organizations together with their profiles in rooms, as people write them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from kernel.access import Actor, confirm_editable
from kernel.directory.models import Organization


def organization_for(*, code: str, profile: type[models.Model], by: Actor) -> Organization:
    """Return the organization that a new `profile` is of: one that exists without it, or a new one, unsaved.

    Raises ValidationError where the code is taken: by the same kind of profile, or by an organization that
    `by` may not change.
    """
    existing = Organization.objects.filter(code=code).first()
    if existing is None:
        return Organization(code=code)
    may_extend = Organization.objects.editable_by(by).filter(pk=existing.pk).exists()
    if profile._default_manager.filter(pk=existing.pk).exists() or not may_extend:
        raise ValidationError({"code": ValidationError(_("This code is taken. Choose another."), code="taken")})
    return existing


@transaction.atomic
def save_organization(*, profile: Any, code: str, by: Actor, **facts: Any) -> Organization:
    """Write the organization that a profile is of, and let the profile, which is then saved, be of it.

    A new profile of a code that exists already without it is of that same organization, as a bureau that runs its
    own services is both. Raises ValidationError where the code is taken or what is written cannot be, and
    PermissionDenied where the organization is not for `by` to change.
    """
    kept = ["path"]
    if profile.pk is None:
        profile.organization = organization_for(code=code, profile=type(profile), by=by)
    else:
        confirm_editable(profile.organization, by)
    organization: Organization = profile.organization
    if organization.pk is not None:
        kept.append("code")
    for name, value in facts.items():
        setattr(organization, name, value)
    organization.full_clean(exclude=kept)
    organization.save()
    profile.pk = organization.pk
    return organization
