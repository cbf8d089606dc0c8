from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The portal with real data on one machine, to try it out."""

    name = "brm_portal.demo"
    verbose_name = _("Demo")
