"""Who exists: organizations, who belongs to them in which capacity, and whom to talk to there."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kernel.access import AGENCIES_AND_VENDORS, PARTNERS
from kernel.constraints import no_overlap
from kernel.directory.names import NormalName
from kernel.directory.querysets import (
    AddressQuerySet,
    AliasQuerySet,
    ContactQuerySet,
    IdentifierQuerySet,
    MembershipQuerySet,
    OrganizationQuerySet,
)
from kernel.editing import Versioned, raise_version
from kernel.in_force import ends_after_start
from kernel.searching import SearchableWords
from kernel.tracking import told, tracked

code_validator = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$", _("Use letters, digits, dots, hyphens and underscores only.")
)


# Composed in the database, so that bulk writes and raw SQL keep it right too.
SET_PATH = """
    IF NEW.parent_id IS NULL THEN
        NEW.path := ARRAY[NEW.id];
        RETURN NEW;
    END IF;
    SELECT path || NEW.id INTO NEW.path FROM directory_organization WHERE id = NEW.parent_id;
    IF NEW.id = ANY(NEW.path[1:cardinality(NEW.path) - 1]) THEN
        RAISE EXCEPTION 'An organization cannot lie below itself.' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'organization_not_below_itself';
    END IF;
    RETURN NEW;
"""
MOVE_DESCENDANTS = """
    UPDATE directory_organization
    SET path = NEW.path || path[cardinality(OLD.path) + 1:]
    WHERE path @> ARRAY[NEW.id] AND id <> NEW.id;
    RETURN NULL;
"""


@told(to=PARTNERS)
@tracked(exclude=("path",))
class Organization(Versioned):
    """One body that exists: an agency, a vendor, the CIO's office, another jurisdiction, or several of these."""

    WRITTEN = ("code", "name", "parent", "retired_on")
    KEY = "code"
    REFERENCE = ("code", "name")

    code = models.CharField(_("code"), max_length=100, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=250)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    path = ArrayField(models.BigIntegerField(), default=list, editable=False, help_text="Ids from root to itself.")
    is_cio_office = models.BooleanField(_("the CIO's office"), default=False)
    is_jurisdiction = models.BooleanField(
        _("another jurisdiction"), default=False, help_text=_("A county, city, other state or the like.")
    )
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="absorbed", verbose_name=_("merged into")
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = [Lower("name"), "code"]
        indexes = [
            GinIndex(fields=["path"], name="organization_path"),
            models.Index(Lower("name"), "code", name="organization_by_name"),
            models.Index(NormalName("name"), name="organization_by_normal_name"),
            GinIndex(SearchableWords("code", "name"), name="organization_words"),
        ]
        triggers = [
            raise_version,
            pgtrigger.Trigger(
                name="set_path",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                func=SET_PATH,
            ),
            pgtrigger.Trigger(
                name="move_descendants",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("parent_id"),
                condition=pgtrigger.Q(old__path__df=pgtrigger.F("new__path")),
                func=MOVE_DESCENDANTS,
            ),
        ]

    def __str__(self) -> str:
        return self.name


@told(named_by=("scheme", "value"), to=AGENCIES_AND_VENDORS)
@tracked()
class Identifier(Versioned):
    """What a register calls an organization: the register's scheme and the number or code in it."""

    WRITTEN = ("scheme", "value")
    PART_OF = "organization"

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="identifiers", verbose_name=_("organization")
    )
    scheme = models.CharField(
        _("scheme"), max_length=100, help_text=_("Which register it is, such as US-EIN or GB-COH.")
    )
    value = models.CharField(_("identifier"), max_length=200)

    objects = IdentifierQuerySet.as_manager()

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["organization", "scheme", "value"]
        indexes = [GinIndex(SearchableWords("value"), name="identifier_words")]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="identifier_of_one_organization",
                violation_error_message=_("Another organization has this identifier."),
            )
        ]
        triggers = [raise_version]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"


@told(named_by=("name",), to=AGENCIES_AND_VENDORS)
@tracked()
class Alias(Versioned):
    """Another name of an organization, as some source spells it."""

    WRITTEN = ("name", "source")
    PART_OF = "organization"
    UNTOLD = ("source",)

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="aliases", verbose_name=_("organization")
    )
    name = models.CharField(_("name"), max_length=250)
    source = models.CharField(_("source"), max_length=200, blank=True, help_text=_("Where it is called so."))

    objects = AliasQuerySet.as_manager()

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["organization", Lower("name")]
        indexes = [
            models.Index(NormalName("name"), name="alias_by_normal_name"),
            GinIndex(SearchableWords("name"), name="alias_words"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="alias_once",
                violation_error_message=_("This organization has this alias already."),
            )
        ]
        triggers = [raise_version]

    def __str__(self) -> str:
        return self.name


@told(named_by=("line",), to=AGENCIES_AND_VENDORS)
@tracked()
class Address(Versioned):
    """Where an organization is, as some source writes it: street, place and postal code in one line."""

    WRITTEN = ("line", "source")
    PART_OF = "organization"
    UNTOLD = ("source",)

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="addresses", verbose_name=_("organization")
    )
    line = models.CharField(_("address"), max_length=500)
    source = models.CharField(_("source"), max_length=200, blank=True, help_text=_("Where it is written so."))

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["organization", Lower("line")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "line"],
                name="address_once",
                violation_error_message=_("This organization has this address already."),
            )
        ]
        triggers = [raise_version]

    def __str__(self) -> str:
        return self.line


@told(named_by=("user", "organization"))
@tracked()
class Membership(Versioned):
    """One user's place in one organization, in one capacity, for a time."""

    WRITTEN = ("organization", "capacity", "starts_on", "ends_on", "reason")
    PART_OF = "user"

    class Capacity(models.TextChoices):
        MEMBER = "member", _("Member")
        MANAGER_PRIMARY = "manager_primary", _("BRM manager, primary")
        MANAGER_BACKUP = "manager_backup", _("BRM manager, backup")
        MSI = "msi", _("Multisource integrator")

    MANAGING = (Capacity.MANAGER_PRIMARY, Capacity.MANAGER_BACKUP)
    BELONGING = (Capacity.MEMBER, Capacity.MSI)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name=_("user")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="memberships", verbose_name=_("organization")
    )
    capacity = models.CharField(_("capacity"), max_length=20, choices=Capacity.choices, default=Capacity.MEMBER)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("Empty: until further notice."))
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organization", "capacity", "-starts_on"]
        constraints = [
            ends_after_start("membership_ends_after_start"),
            no_overlap(
                "membership_one_capacity_at_a_time",
                "user",
                "organization",
                message=_("This person already belongs to this organization in that time."),
            ),
            no_overlap(
                "membership_one_primary_manager",
                "organization",
                condition=Q(capacity="manager_primary"),
                message=_("This organization already has a primary BRM manager in that time."),
            ),
        ]
        triggers = [raise_version]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization} · {self.get_capacity_display()}"


@told(named_by=("name",), to=AGENCIES_AND_VENDORS)
@tracked()
class Contact(Versioned):
    """A person to talk to at an organization."""

    WRITTEN = ("name", "title", "email", "phone", "retired_on")
    PART_OF = "organization"

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="contacts", verbose_name=_("organization")
    )
    name = models.CharField(_("name"), max_length=200)
    title = models.CharField(_("title"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = [Lower("name"), "pk"]
        triggers = [raise_version]

    def __str__(self) -> str:
        return self.name
