"""Pages for files that people send: send one, see what would come of it, take it, undo it.

A room derives its own from these, one for each URL, and names whom they are open to.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from kernel.pages import ConfirmPage, DetailPage, ScopedRows, Text
from kernel.uploads.forms import UploadForm
from kernel.uploads.models import Upload, UploadPart
from kernel.uploads.operations import run_upload, start_upload
from kernel.uploads.parts import PART, stored

UPLOADS_SHOWN = 20
# A page as links name it: its title, and its name in the URLconf.
Link = tuple[Text, str]


class UploadCreate(ScopedRows, FormView):
    """Send a file, which is tried out first; below stand those that were sent last."""

    form_class: type[UploadForm]
    template_name = "uploads/create.html"
    task: ClassVar[Any]
    # This page, and the one above it.
    page: ClassVar[Link]
    up: ClassVar[Link]
    intro: ClassVar[Text]
    submit_label: ClassVar[Text] = _("Try out")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = {"title": self.page[0], "intro": self.intro, "submit_label": self.submit_label}
        earlier = self.get_queryset().select_related("started_by", "job")[:UPLOADS_SHOWN]
        return super().get_context_data(**texts, cancel_url=reverse(self.up[1]), earlier=earlier, **kwargs)

    def said(self, form: Any) -> dict[str, Any]:
        """What the form says besides the file, by the field of the model that keeps it."""
        return {}

    def sent(self, form: Any) -> dict[str, Any]:
        """What is kept, as operations take it."""
        file = form.cleaned_data["file"]
        sent = {"model": self.model, "file_name": file.name, "chunks": file.chunks(PART), "by": self.user}
        return {**sent, **self.said(form)}

    def form_valid(self, form: Any) -> HttpResponse:
        return HttpResponseRedirect(start_upload(task=self.task, **self.sent(form)).get_absolute_url())


class UploadDetail(DetailPage):
    """What would come of a file, or what came of it."""

    template_name = "uploads/detail.html"
    context_object_name = "row"
    related: ClassVar[tuple[str, ...]] = ("started_by", "job")

    def get_queryset(self) -> QuerySet[Upload]:
        rows: QuerySet[Upload] = self.rows().select_related(*self.related)
        return rows

    def kind(self) -> Text:
        """What was sent, above its name."""
        return capfirst(self.model._meta.verbose_name)

    def sent_from(self) -> Link:
        """The page that such files are sent from."""
        raise NotImplementedError

    def first_refused(self) -> Iterable[Any]:
        """The first of what was refused: each has a line, a reason and what was sent."""
        refused: Iterable[Any] = self.object.report.get("first_refused", [])
        return refused

    def in_the_way(self) -> list[str]:
        """What keeps the user from undoing it, in words."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(first_refused=self.first_refused(), **kwargs)
        row = self.object
        can_undo = context["can_edit"] and row.is_undoable() and not row.is_at_work()
        can_send = self.model._default_manager.all().creatable_by(self.user)
        name, page = self.sent_from()
        links = {"can_send": can_send, "sent_from": name, "sent_from_url": reverse(page)}
        return {**context, **links, "can_undo": can_undo, "in_the_way": self.in_the_way() if can_undo else []}


class UploadRun(ScopedRows):
    """Take a file that was tried out."""

    task: ClassVar[Any]
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(self.rows(), pk=pk)
        try:
            run_upload(upload=row, mode=request.POST.get("mode", ""), task=self.task, by=self.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(row.get_absolute_url())


class UploadRefused(ScopedRows):
    """All that was refused as a CSV file."""

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        row = get_object_or_404(self.rows(), pk=pk)
        refused = stored(row, UploadPart.Kind.REFUSED)
        response = StreamingHttpResponse(refused, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="refused-{row.pk}.csv"'
        return response


class UploadUndo(ConfirmPage):
    """Take back all that a file brought; the room's own `act` calls its operation."""

    template_name = "uploads/undo.html"
    title = _("Undo import")
    confirm_label = _("Undo the import")
    success_message = _("The import is being undone.")
    danger = True

    @cached_property
    def obstacles(self) -> list[str]:
        """What is in the way, asked once."""
        return self.in_the_way()

    def in_the_way(self) -> list[str]:
        """What keeps the user from undoing it, in words."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(obstacles=self.obstacles, **kwargs)
