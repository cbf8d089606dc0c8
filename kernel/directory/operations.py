"""Writing who exists."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from kernel.accounts.models import User
from kernel.directory.models import Organization


def organization_for(*, code: str, profile: type[models.Model], by: User) -> Organization:
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
