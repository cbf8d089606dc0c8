from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VendorsConfig(AppConfig):
    """Supply: vendors, contracts, services, service levels, scorecards."""

    name = "vendors"
    verbose_name = _("Supply")
