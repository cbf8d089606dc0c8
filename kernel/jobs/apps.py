from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Long work with progress."""

    name = "kernel.jobs"
    verbose_name = _("Jobs")
    events = {"job.finished": _("A job has finished or failed")}
    resources = {"jobs": _("Jobs")}
