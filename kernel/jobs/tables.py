"""Lists of long work."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kernel.jobs.models import Job
from kernel.tables import NameColumn


class JobTable(tables.Table):
    """Jobs, the newest first."""

    title = NameColumn(verbose_name=_("Job"), linkify=True)
    state = tables.TemplateColumn(template_name="jobs/_state.html")
    progress = tables.TemplateColumn(
        "{% load ui %}{% bar record.percent text=record.progress_text %}", orderable=False, verbose_name=_("Progress")
    )
    requested_by = tables.Column(
        accessor="requested_by__name", verbose_name=_("Asked for by"), default=_("The portal itself")
    )
    created_at = tables.DateTimeColumn(format="M j, Y, P")
    finished_at = tables.DateTimeColumn(format="M j, Y, P", default="–")

    class Meta:
        model = Job
        fields: tuple[str, ...] = ()
        order_by = "-created_at"
        caption = _("Jobs")
        empty_text = _("No job matches these filters.")

    def value_state(self, record: Job) -> str:
        """The word in files."""
        return record.get_state_display()

    def value_progress(self, record: Job) -> str:
        """The figures in files."""
        return record.progress_text()
