from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """What spans all rooms: home and the CIO overview."""

    name = "brm_portal.dashboards"
    verbose_name = _("Dashboards")
    resources = {"search": _("Search")}
