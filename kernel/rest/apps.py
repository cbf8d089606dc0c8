from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RestConfig(AppConfig):
    """What every part of the API shares."""

    name = "kernel.rest"
    verbose_name = _("API")
