"""Who logs in: users by e-mail with one role each, and the personal tokens of other systems."""

from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.access import PARTNERS
from kernel.access import Role as AccessRole
from kernel.accounts.querysets import ApiTokenQuerySet, CalendarAddressQuerySet, UserQuerySet
from kernel.directory.models import Membership, Organization
from kernel.editing import Versioned, raise_version
from kernel.tracking import told, tracked

if TYPE_CHECKING:
    from collections.abc import Iterable


# What partners read of the history of their own account.
ADDRESS_FACTS = ("prefix", "created_at", "revoked_at")
TOKEN_FACTS = ("name", "prefix", "scopes", "created_at", "expires_at", "revoked_at")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # Built at run time.
    """Creates users; e-mails are kept in lower case, so that no one is two users."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; without a password the account can only be entered through a reset link."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user of the CIO's office who may also enter the Django admin."""
        fields.setdefault("role", AccessRole.CIO_OFFICE)
        return self.create_user(email, password, is_superuser=True, **fields)


@told(parts=("memberships", "api_tokens", "calendar_addresses"), to=PARTNERS, also=("is_active",))
@tracked(exclude=("password", "last_login"))
class User(AbstractBaseUser, PermissionsMixin, Versioned):
    """One person, or one system, that logs in."""

    WRITTEN = ("name", "email", "role", "owner")
    UNTOLD = ("owner",)
    Role = AccessRole

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=20, choices=AccessRole.choices)
    owner = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="integrations",
        verbose_name=_("owner"),
        help_text=_("The person an integration acts for: it never sees more than its owner."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = [Lower("name"), "email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_in_any_case"),
            models.CheckConstraint(
                condition=~Q(role=AccessRole.INTEGRATION) | Q(owner__isnull=False),
                name="integration_has_owner",
                violation_error_message=_("An integration needs an owner."),
            ),
        ]
        triggers = [
            # Logging in is no edit: it raises no version.
            pgtrigger.Trigger(
                name="raise_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["password", "last_login"]),
                func=raise_version.func,
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Django's word for who may enter its admin: superusers, and nobody else."""
        return self.is_superuser

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("accounts:user_detail", args=[self.pk])

    def member_organizations(self) -> QuerySet[Organization]:
        """Organizations this user belongs to today, and all below them."""
        return self._organizations(Membership.BELONGING)

    def managed_organizations(self) -> QuerySet[Organization]:
        """Organizations this user is assigned to today as BRM manager, and all below them."""
        return self._organizations(Membership.MANAGING)

    def _organizations(self, capacities: "Iterable[str]") -> QuerySet[Organization]:
        memberships = self.memberships.in_force().filter(capacity__in=capacities).order_by()
        return Organization.objects.filter(
            path__overlap=ArraySubquery(memberships.values("organization_id"))
        ).order_by()


@told(named_by=("name",), to=PARTNERS, also=TOKEN_FACTS)
@tracked(exclude=("digest", "last_used_at"))
class ApiToken(models.Model):
    """A personal key with which another system reads or writes in its user's name."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens", verbose_name=_("user"))
    name = models.CharField(_("name"), max_length=100, help_text=_("What uses it, so you know what to revoke."))
    prefix = models.CharField(_("starts with"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the token.")
    scopes = ArrayField(models.CharField(max_length=60), verbose_name=_("scopes"))
    issued_for_role = models.CharField(max_length=20, choices=AccessRole.choices, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def has_ended(self) -> bool:
        """Whether it was revoked or has expired."""
        return self.revoked_at is not None or self.expires_at <= timezone.now()


@told(named_by=("prefix",), to=PARTNERS, also=ADDRESS_FACTS)
@tracked(exclude=("digest", "last_used_at"))
class CalendarAddress(models.Model):
    """A secret address at which another calendar reads the days that one person may see."""

    user = models.ForeignKey(User, models.PROTECT, related_name="calendar_addresses", verbose_name=_("user"))
    prefix = models.CharField(_("starts with"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of its secret.")
    issued_for_role = models.CharField(max_length=20, choices=AccessRole.choices, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects = CalendarAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="calendaraddress_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.prefix
