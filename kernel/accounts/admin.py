"""Users in Django's admin: who is a superuser. Everything else about people has its own pages."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from kernel.accounts.models import User

# Not in use here, or secret.
admin.site.unregister([Authenticator, EmailAddress, Group])


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Who may enter the admin itself."""

    list_display = ("name", "email", "role", "is_active", "is_superuser")
    list_filter = ("role", "is_active", "is_superuser")
    search_fields = ("name", "email")
    fields = ("name", "email", "role", "owner", "is_active", "is_superuser", "last_login", "joined_at")
    readonly_fields = ("name", "email", "role", "owner", "is_active", "last_login", "joined_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
