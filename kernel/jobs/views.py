"""Pages about long work: the list, one job with its progress, and doing what failed again."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from kernel.access import EDITORS, STAFF
from kernel.handed_in import handed_in
from kernel.jobs.filters import JobFilterSet
from kernel.jobs.models import Job, JobRange, State
from kernel.jobs.operations import retry_job
from kernel.jobs.tables import JobTable
from kernel.pages import Action, DetailPage, ListPage, ScopedRows


class JobList(ListPage):
    """Long work, the newest first."""

    open_to = STAFF
    model = Job
    table_class = JobTable
    filterset_class = JobFilterSet
    export_name = "jobs"
    about = _("Long work the portal does in the background.")
    nothing_yet = _("Long work that people or the clock ask for stands here with its progress.")

    def get_queryset(self) -> QuerySet[Job]:
        return self.rows().select_related("requested_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        work = handed_in("work") if self.user.role in EDITORS else {}
        return super().get_context_data(actions=[Action(words, page) for page, words in work.items()], **kwargs)


class JobDetail(DetailPage):
    """One job; its progress asks for itself again until the job is over."""

    open_to = STAFF
    model = Job
    template_name = "jobs/job_detail.html"

    def get_queryset(self) -> QuerySet[Job]:
        return self.rows().select_related("requested_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        failed = JobRange.objects.visible_to(self.user).filter(job=self.object, state=State.FAILED)
        return super().get_context_data(failed=failed.order_by("position"), **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if "seen" not in self.request.GET:
            return super().render_to_response(context, **kwargs)
        if self.request.GET["seen"] == self.object.progress_mark():
            return HttpResponse(status=204)  # Nothing is swapped, so nothing is read out again.
        return self.response_class(
            request=self.request, template="jobs/_progress.html", context=context, using=self.template_engine
        )


class JobRetry(ScopedRows):
    """Do the failed parts of a job again."""

    open_to = STAFF
    model = Job
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = retry_job(job=get_object_or_404(self.rows(), pk=pk), by=self.user)
        if job.pk != pk:
            messages.info(request, _("The same work was asked for again meanwhile. This is that job."))
        return HttpResponseRedirect(job.get_absolute_url())
