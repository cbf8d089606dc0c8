"""Pages for tables: send one, say what its columns mean, and undo it once it was taken."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from django.views.generic.detail import SingleObjectMixin

from kernel.access import OFFICE
from kernel.pages import ScopedRows, changeable
from kernel.uploads.operations import keep_file
from kernel.uploads.reading import opened
from kernel.uploads.tables import TableError
from kernel.uploads.views import UploadUndo
from vendors.imports.pages.views import SENT_FROM, ContractImportCreate
from vendors.imports.tables.forms import ColumnsForm, TableImportForm
from vendors.imports.tables.guessing import Glance, glance
from vendors.imports.tables.mappings import known_mapping
from vendors.imports.tables.trying import try_out_table
from vendors.imports.tables.undoing import in_the_way, start_undo
from vendors.models import ContractImport, KeptTableRow, TableMapping


class TableImportCreate(ContractImportCreate):
    """Send a table; what its columns mean is said next."""

    form_class = TableImportForm
    template_name = "vendors/imports/table_import_create.html"
    page = SENT_FROM[ContractImport.Holds.CONTRACT_TABLE]
    intro = _(
        "For contracts or payments that you have as a CSV file or a spreadsheet. You see its first rows, say what the"
        " columns mean, and it is tried out before anything is written."
    )
    submit_label = _("Go on to the columns")
    holds = ContractImport.OF_TABLES

    def said(self, form: Any) -> dict[str, Any]:
        data = form.cleaned_data
        return {"holds": data["holds"], "settings": {"source": data["source"]}}

    def form_valid(self, form: Any) -> HttpResponse:
        return HttpResponseRedirect(keep_file(**self.sent(form)).columns_url)


class TableImportColumns(ScopedRows, SingleObjectMixin, FormView):
    """The first rows of a table, what its columns are like, and what each means; then it is tried out."""

    open_to = OFFICE
    model = ContractImport
    form_class = ColumnsForm
    template_name = "vendors/imports/table_import_columns.html"

    def prepare(self) -> HttpResponseBase | None:
        self.object = changeable(ContractImport.objects.all(), self.user, pk=self.kwargs["pk"])
        if not self.object.is_table or self.object.merged_at is not None:
            return HttpResponseRedirect(self.object.get_absolute_url())
        return super().prepare()

    @cached_property
    def seen(self) -> Glance | TableError:
        """The table, or why it is none."""
        try:
            with opened(self.object) as file:
                return glance(file)
        except TableError as error:
            return error

    @cached_property
    def known(self) -> TableMapping:
        """How such tables of this source were read last, or this one was before."""
        known = known_mapping(self.object.settings["source"], self.object.holds)
        chosen = self.object.settings
        if "columns" in chosen:
            known.columns = {name: [header] for name, header in chosen["columns"].items()}
            known.agency, known.totals = chosen["agency"], chosen["totals"]
        return known

    def get_form_kwargs(self) -> dict[str, Any]:
        if isinstance(self.seen, TableError):
            raise Http404
        return {**super().get_form_kwargs(), "holds": self.object.holds, "seen": self.seen, "known": self.known}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if isinstance(self.seen, TableError):
            return {"row": self.object, "refusal": str(self.seen), "view": self, "form": None}
        return super().get_context_data(row=self.object, seen=self.seen, is_known=bool(self.known.columns), **kwargs)

    def form_valid(self, form: ColumnsForm) -> HttpResponse:
        try:
            row = try_out_table(contract_import=self.object, chosen=form.cleaned_data, by=self.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        return HttpResponseRedirect(row.get_absolute_url())


class TableImportUndo(UploadUndo):
    """Take back what a table brought."""

    open_to = OFFICE
    model = ContractImport
    template_name = "vendors/imports/table_import_undo.html"
    title = _("Undo this import")
    success_message = _("Undoing it has begun.")

    def in_the_way(self) -> list[str]:
        return in_the_way(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = KeptTableRow.objects.filter(contract_import=self.object)
        contracts = rows.order_by().values("number").distinct().count()
        return super().get_context_data(kept_rows=rows.count(), contracts=contracts, **kwargs)

    def act(self, data: dict[str, Any]) -> None:
        start_undo(contract_import=self.object, by=self.user)
