from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """Telling other systems."""

    name = "kernel.webhooks"
    verbose_name = _("Webhooks")
    events = {"webhook.test": _("A test")}
