"""Pages for files of measurements: send one, see what would come of it, take it."""

from typing import Any, BinaryIO, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from kernel.access import MEASURERS, STAFF_AND_INTEGRATORS
from kernel.pages import ConfirmPage, DetailPage, Page, ScopedRows
from kernel.uploads.parts import PART
from metrics.imports.importing import Refusal
from metrics.imports.reading import COLUMNS, CsvMeasurements, FileRefusedError
from metrics.imports.undoing import in_the_way, start_undo
from metrics.imports.uploading import refused_rows, run_import, start_import
from metrics.models import Import

IMPORTS_SHOWN = 20
LARGEST_FILE = 200_000_000


class ImportForm(forms.Form):
    """A file, and how its columns are called where that differs."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "In UTF-8, with the columns series, observed_on (as 2026-07-31), value – or numerator and denominator – "
            "and, if you like, reference and comment. Nothing is written before you have seen what would come of it."
        ),
    )
    columns = forms.CharField(
        label=_("Columns that are called otherwise"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line, as in: series = SLA code"),
    )

    def clean_columns(self) -> dict[str, str]:
        """Our column and the file's header, line by line."""
        pairs = {}
        for line in filter(str.strip, self.cleaned_data["columns"].splitlines()):
            name, mark, header = (part.strip() for part in line.partition("="))
            if not mark or name not in COLUMNS:
                raise forms.ValidationError(
                    _("“%(line)s” does not begin with one of %(known)s and an equals sign."),
                    params={"line": line, "known": ", ".join(COLUMNS)},
                )
            pairs[name] = header
        return pairs

    def clean(self) -> dict[str, Any] | None:
        """A file whose header says what is what."""
        file: UploadedFile | None = self.cleaned_data.get("file")
        columns = self.cleaned_data.get("columns")
        if file is None or columns is None:
            return self.cleaned_data
        if (file.size or 0) > LARGEST_FILE:
            limit = {"limit": filesizeformat(LARGEST_FILE)}
            self.add_error("file", forms.ValidationError(_("Send files of at most %(limit)s."), params=limit))
            return self.cleaned_data
        try:
            CsvMeasurements(cast(BinaryIO, file.file), columns).close()
        except FileRefusedError as error:
            self.add_error("file", str(error))
        return self.cleaned_data


class ImportCreate(Page, FormView):
    """Send a file, which is tried out first."""

    open_to = MEASURERS
    form_class = ImportForm
    template_name = "metrics/imports/import_create.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        earlier = Import.objects.visible_to(self.user).select_related("started_by", "job")[:IMPORTS_SHOWN]
        return super().get_context_data(earlier=earlier, **kwargs)

    def form_valid(self, form: ImportForm) -> HttpResponse:
        file = form.cleaned_data["file"]
        row = start_import(
            file_name=file.name, chunks=file.chunks(PART), columns=form.cleaned_data["columns"], by=self.user
        )
        return HttpResponseRedirect(row.get_absolute_url())


class ImportDetail(DetailPage):
    """What would come of a file, or what came of it."""

    open_to = STAFF_AND_INTEGRATORS
    model = Import
    template_name = "metrics/imports/import_detail.html"
    context_object_name = "row"

    def get_queryset(self) -> QuerySet[Import]:
        return self.rows().select_related("started_by", "undone_by", "job")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        first = [Refusal(**each) for each in row.report.get("first_refused", [])]
        context = super().get_context_data(first_refused=first, **kwargs)
        is_asked = context["can_edit"] and row.is_undoable() and not (row.job and row.job.is_unfinished())
        return {**context, "can_undo": is_asked, "in_the_way": in_the_way(row, self.user) if is_asked else []}


class ImportRun(ScopedRows):
    """Take a file that was tried out."""

    open_to = MEASURERS
    model = Import
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(self.rows(), pk=pk)
        if not Import.objects.editable_by(self.user).filter(pk=pk).exists():
            raise PermissionDenied
        try:
            run_import(measurement_import=row, mode=request.POST.get("mode", ""), by=self.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(row.get_absolute_url())


class ImportUndo(ConfirmPage):
    """Take back all that a file brought."""

    open_to = MEASURERS
    model = Import
    template_name = "metrics/imports/import_undo.html"
    title = _("Undo import")
    confirm_label = _("Undo the import")
    success_message = _("The import is being undone.")
    danger = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Where it cannot be undone, the page of the import says why."""
        if not self.object.is_undoable() or in_the_way(self.object, self.user):
            return HttpResponseRedirect(self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def act(self, data: dict[str, Any]) -> None:
        start_undo(measurement_import=self.object, by=self.user)


class ImportRefused(ScopedRows):
    """All refused rows as a CSV file."""

    open_to = STAFF_AND_INTEGRATORS
    model = Import

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        row = get_object_or_404(self.rows(), pk=pk)
        response = StreamingHttpResponse(refused_rows(row), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="refused-{row.pk}.csv"'
        return response
