from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SavedViewsConfig(AppConfig):
    """Saved views."""

    name = "kernel.saved_views"
    verbose_name = _("Saved views")
    resources = {"saved-views": _("Saved views")}
