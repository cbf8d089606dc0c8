"""Pages for files of contracts and catalogues: send one, see what would come of it, take it."""

from typing import Any

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

from kernel.access import OFFICE, OVERSEERS
from kernel.pages import DetailPage, Page, ScopedRows
from kernel.uploads.parts import PART
from vendors.imports.contracts.rows import Kind
from vendors.imports.pages.uploading import refused_pieces, run_import, start_import
from vendors.models import ContractImport

IMPORTS_SHOWN = 20
LARGEST_FILE = 200_000_000


class ImportForm(forms.Form):
    """A file."""

    file = forms.FileField()

    def clean_file(self) -> UploadedFile:
        """A file that is not too large to be kept."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            limit = {"limit": filesizeformat(LARGEST_FILE)}
            raise forms.ValidationError(_("Send files of at most %(limit)s."), params=limit)
        return file


class ContractImportForm(ImportForm):
    """A file of contracts."""

    file = forms.FileField(
        label=_("OCDS file"),
        help_text=_(
            "Releases, records or packages of the Open Contracting Data Standard 1.1 or 1.0, as JSON, JSON lines, or a "
            "zip or gzip of these. Nothing is written before you have seen what would come of it."
        ),
    )


class CatalogueImportForm(ImportForm):
    """A catalogue of services."""

    file = forms.FileField(
        label=_("FedRAMP Marketplace file"),
        help_text=_(
            "The JSON file that the FedRAMP Marketplace publishes, with its lists of products, agencies and "
            "authorizations. Nothing is written before you have seen what would come of it."
        ),
    )


class ContractImportCreate(Page, FormView):
    """Send a file, which is tried out first."""

    open_to = OFFICE
    form_class: type[ImportForm] = ContractImportForm
    template_name = "vendors/imports/contract_import_create.html"
    holds: tuple[str, ...] = (ContractImport.Holds.CONTRACTS,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        alike = ContractImport.objects.visible_to(self.user).filter(holds__in=self.holds)
        earlier = alike.select_related("started_by", "job")[:IMPORTS_SHOWN]
        return super().get_context_data(earlier=earlier, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        row = start_import(file_name=file.name, chunks=file.chunks(PART), by=self.user, holds=self.holds[0])
        return HttpResponseRedirect(row.get_absolute_url())


class CatalogueImportCreate(ContractImportCreate):
    """Send a catalogue of services, which is tried out first."""

    form_class = CatalogueImportForm
    template_name = "vendors/imports/catalogue_import_create.html"
    holds = (ContractImport.Holds.CATALOGUE,)


class ContractImportDetail(DetailPage):
    """What would come of a file, or what came of it."""

    open_to = OVERSEERS
    model = ContractImport
    template_name = "vendors/imports/contract_import_detail.html"
    context_object_name = "row"

    def get_queryset(self) -> QuerySet[ContractImport]:
        return self.rows().select_related("started_by", "job")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = self.object.report
        kinds = [(Kind(each["kind"]).label, *each["figures"]) for each in report.get("kinds", [])]
        first = [{**each, "kind": Kind(each["kind"]).label} for each in report.get("first_refused", [])]
        return super().get_context_data(kinds=kinds, first_refused=first, **kwargs)


class ContractImportRun(ScopedRows):
    """Take a file that was tried out."""

    open_to = OFFICE
    model = ContractImport
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(self.rows(), pk=pk)
        if not ContractImport.objects.editable_by(self.user).filter(pk=pk).exists():
            raise PermissionDenied
        try:
            run_import(contract_import=row, by=self.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(row.get_absolute_url())


class ContractImportRefused(ScopedRows):
    """All that was refused as a CSV file."""

    open_to = OVERSEERS
    model = ContractImport

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        row = get_object_or_404(self.rows(), pk=pk)
        response = StreamingHttpResponse(refused_pieces(row), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="refused-{row.pk}.csv"'
        return response
