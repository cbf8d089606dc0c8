"""Organizations in Django's admin: those that are neither agency nor vendor have no page of their own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from kernel.directory.models import Address, Alias, Identifier, Organization


class IdentifierInline(admin.TabularInline):
    """What registers call it."""

    model = Identifier
    fields = Identifier.WRITTEN
    extra = 0


class AliasInline(admin.TabularInline):
    """What else it is called."""

    model = Alias
    fields = Alias.WRITTEN
    extra = 0


class AddressInline(admin.TabularInline):
    """Where it is."""

    model = Address
    fields = Address.WRITTEN
    extra = 0


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    """The CIO's office, integrators, other jurisdictions."""

    list_display = ("name", "code", "parent", "is_cio_office", "is_jurisdiction", "retired_on")
    list_filter = ("is_cio_office", "is_jurisdiction")
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    autocomplete_fields = ("parent",)
    fields = ("code", "name", "parent", "is_cio_office", "is_jurisdiction", "retired_on")
    inlines = (IdentifierInline, AliasInline, AddressInline)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
