"""Pages for files of measurements: send one, see what would come of it, take it."""

from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from kernel.access import MEASURERS, STAFF_AND_INTEGRATORS
from kernel.uploads.forms import UploadForm
from kernel.uploads.reading import FileRefusedError
from kernel.uploads.views import Link, UploadCreate, UploadDetail, UploadRefused, UploadRun, UploadUndo
from metrics.imports.importing import Refusal
from metrics.imports.reading import COLUMNS, CsvMeasurements
from metrics.imports.undoing import in_the_way, start_undo
from metrics.imports.uploading import do_import
from metrics.models import Import


class ImportForm(UploadForm):
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
        try:
            CsvMeasurements(cast(BinaryIO, file.file), columns).close()
        except FileRefusedError as error:
            self.add_error("file", str(error))
        return self.cleaned_data


class ImportCreate(UploadCreate):
    """Send a file of measurements, which is tried out first."""

    open_to = MEASURERS
    model = Import
    task = do_import
    form_class = ImportForm
    page = (_("Import measurements"), "metrics:import_create")
    up = (_("Service levels"), "vendors:service_level_list")
    intro = _(
        "The file is tried out first: you see which rows are new, which replace earlier values and which are refused,"
        " and choose then."
    )

    def said(self, form: ImportForm) -> dict[str, Any]:
        return {"columns": form.cleaned_data["columns"]}


class ImportDetail(UploadDetail):
    """What would come of a file of measurements, or what came of it."""

    open_to = STAFF_AND_INTEGRATORS
    model = Import
    template_name = "metrics/imports/import_detail.html"
    related = (*UploadDetail.related, "undone_by")

    def sent_from(self) -> Link:
        return ImportCreate.page

    def first_refused(self) -> list[Refusal]:
        return [Refusal(**each) for each in super().first_refused()]

    def in_the_way(self) -> list[str]:
        return in_the_way(self.object, self.user)


class ImportRun(UploadRun):
    """Take a file of measurements that was tried out."""

    open_to = MEASURERS
    model = Import
    task = do_import


class ImportUndo(UploadUndo):
    """Take back all that a file of measurements brought."""

    open_to = MEASURERS
    model = Import
    template_name = "metrics/imports/import_undo.html"

    def in_the_way(self) -> list[str]:
        return in_the_way(self.object, self.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Where it cannot be undone, the page of the import says why."""
        if self.obstacles:
            return HttpResponseRedirect(self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def act(self, data: dict[str, Any]) -> None:
        start_undo(measurement_import=self.object, by=self.user)


class ImportRefused(UploadRefused):
    """All refused measurements as a CSV file."""

    open_to = STAFF_AND_INTEGRATORS
    model = Import
