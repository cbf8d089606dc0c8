from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MetricsConfig(AppConfig):
    """Measuring: indicators, series, targets, measurements, outcomes, methodologies."""

    name = "metrics"
    verbose_name = _("Measuring")
    resources = {
        "indicators": _("Indicators"),
        "series": _("Series"),
        "targets": _("Targets"),
        "measurements": _("Measurements"),
        "outcomes": _("Outcomes"),
        "outcome-measures": _("Measures of outcomes"),
        "methodologies": _("Methodologies"),
    }
