from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VendorsConfig(AppConfig):
    """Supply: vendors, contracts, services, service levels, scorecards."""

    name = "vendors"
    verbose_name = _("Supply")
    events = {
        "scorecard.published": _("A scorecard was published"),
        "scorecard.grade_fell": _("A published scorecard has a lower grade than the period before"),
        "contract.ending": _("A contract ends soon"),
    }
    resources = {
        "vendors": _("Vendors"),
        "likely-duplicates": _("Likely duplicates"),
        "merges": _("Merged vendors"),
        "contracts": _("Contracts"),
        "contract-imports": _("Imports of contracts"),
        "amendments": _("Amendments"),
        "milestones": _("Milestones"),
        "payments": _("Payments"),
        "spending": _("Spending"),
        "services": _("Services"),
        "subscriptions": _("Subscriptions"),
        "integrations": _("Integrations"),
        "service-levels": _("Service levels"),
        "service-level-templates": _("Templates of service levels"),
        "scorecards": _("Scorecards"),
    }
    work = {"vendors:scorecard_compute": _("Compute scorecards")}
