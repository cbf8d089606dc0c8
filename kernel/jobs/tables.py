"""Lists of long work."""

from django.utils.translation import gettext_lazy as _

from kernel.jobs.models import Job
from kernel.tables import Column, DrawnColumn, NameColumn, Table, TimeColumn


class JobTable(Table):
    """Jobs, the newest first."""

    title = NameColumn(verbose_name=_("Job"), linkify=True)
    state = DrawnColumn(template_name="jobs/_state.html")
    progress = DrawnColumn(
        "{% load ui %}{% bar record.percent text=value %}",
        accessor="progress_text",
        orderable=False,
        verbose_name=_("Progress"),
    )
    requested_by = Column(accessor="requested_by__name", verbose_name=_("Asked for by"), default=_("The portal itself"))
    created_at = TimeColumn()
    finished_at = TimeColumn(default="–")

    class Meta:
        model = Job
        fields: tuple[str, ...] = ()
        order_by = "-created_at"
        caption = _("Jobs")
        empty_text = _("No job matches these filters.")
