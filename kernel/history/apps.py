from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    """What changed: the trail of every row people edit."""

    name = "kernel.history"
    verbose_name = _("History")
