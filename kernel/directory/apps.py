from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    """Who exists: organizations, memberships, contacts."""

    name = "kernel.directory"
    verbose_name = _("Directory")
    resources = {"contacts": _("Contacts")}
