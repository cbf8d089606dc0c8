"""Filters of jobs, for pages and API alike."""

from django.utils.translation import gettext_lazy as _

from kernel.filters import ScopedFilterSet, SearchFilter
from kernel.jobs.models import Job


class JobFilterSet(ScopedFilterSet):
    """Jobs."""

    search = SearchFilter(label=_("What"), fields=("title",))

    class Meta:
        model = Job
        fields = ["search", "state"]
