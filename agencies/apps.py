from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    """Demand: agencies."""

    name = "agencies"
    verbose_name = _("Demand")
    resources = {"agencies": _("Agencies")}
