"""Pages for tables: send one, say what its columns mean, and undo it once it was taken."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from django.views.generic.detail import SingleObjectMixin

from kernel.access import OFFICE
from kernel.pages import ConfirmPage, ScopedRows, changeable
from kernel.uploads.parts import PART
from kernel.uploads.tables import TableError
from vendors.imports.pages.uploading import begin, keep_file, opened
from vendors.imports.pages.views import ContractImportCreate
from vendors.imports.tables.forms import ColumnsForm, TableImportForm
from vendors.imports.tables.guessing import Glance, glance
from vendors.imports.tables.mappings import known_mapping
from vendors.imports.tables.undoing import in_the_way, start_undo
from vendors.models import ContractImport, KeptTableRow, TableMapping


class TableImportCreate(ContractImportCreate):
    """Send a table; what its columns mean is said next."""

    form_class = TableImportForm
    template_name = "vendors/imports/table_import_create.html"
    holds = ContractImport.OF_TABLES

    def form_valid(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        row = keep_file(
            file_name=data["file"].name,
            chunks=data["file"].chunks(PART),
            by=self.user,
            holds=data["holds"],
            settings={"source": data["source"]},
        )
        return HttpResponseRedirect(row.columns_url)


class TableImportColumns(ScopedRows, SingleObjectMixin, FormView):
    """The first rows of a table, what its columns are like, and what each means; then it is tried out."""

    open_to = OFFICE
    model = ContractImport
    form_class = ColumnsForm
    template_name = "vendors/imports/table_import_columns.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.role in self.open_to:
            self.request = request
            self.object = changeable(ContractImport.objects.all(), request.user, pk=kwargs["pk"])
            if not self.object.is_table or self.object.merged_at is not None:
                return HttpResponseRedirect(self.object.get_absolute_url())
        return super().dispatch(request, *args, **kwargs)

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
        row = self.object
        row.settings = {"source": row.settings["source"], **form.cleaned_data}
        row.mode, row.report = ContractImport.Mode.DRY_RUN, {}
        row.save(update_fields=["settings"])
        return HttpResponseRedirect(begin(row, self.user).get_absolute_url())


class TableImportUndo(ConfirmPage):
    """Take back what a table brought."""

    open_to = OFFICE
    model = ContractImport
    template_name = "vendors/imports/table_import_undo.html"
    title = _("Undo this import")
    confirm_label = _("Undo the import")
    success_message = _("Undoing it has begun.")
    danger = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = KeptTableRow.objects.filter(contract_import=self.object)
        return super().get_context_data(
            obstacles=in_the_way(self.object),
            kept_rows=rows.count(),
            contracts=rows.order_by().values("number").distinct().count(),
            **kwargs,
        )

    def act(self, data: dict[str, Any]) -> None:
        start_undo(contract_import=self.object, by=self.user)
