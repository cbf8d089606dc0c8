from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Long work with progress."""

    name = "brm_portal.jobs"
    verbose_name = _("Jobs")
