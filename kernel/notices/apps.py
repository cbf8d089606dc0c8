from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Telling people."""

    name = "kernel.notices"
    verbose_name = _("Notices")
