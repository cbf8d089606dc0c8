from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    """Who exists: organizations, memberships, contacts."""

    name = "brm_portal.directory"
    verbose_name = _("Directory")
