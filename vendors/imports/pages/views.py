"""Pages for files of contracts and catalogues: send one, see what would come of it, take it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.access import OFFICE, OVERSEERS
from kernel.pages import Text
from kernel.uploads.forms import UploadForm
from kernel.uploads.views import Link, UploadCreate, UploadDetail, UploadRefused, UploadRun
from vendors.imports.contracts.rows import Kind
from vendors.imports.pages.uploading import do_import
from vendors.models import ContractImport

Holds = ContractImport.Holds
# The page that files are sent from, by what they hold.
SENT_FROM: dict[str, Link] = {
    Holds.CONTRACTS: (_("Import contracts"), "vendors:contract_import_create"),
    Holds.CATALOGUE: (_("Import a catalogue"), "vendors:catalogue_import_create"),
    Holds.CONTRACT_TABLE: (_("Import a table"), "vendors:table_import_create"),
    Holds.PAYMENT_TABLE: (_("Import a table"), "vendors:table_import_create"),
}


class ContractImportForm(UploadForm):
    """A file of contracts."""

    file = forms.FileField(
        label=_("OCDS file"),
        help_text=_(
            "Releases, records or packages of the Open Contracting Data Standard 1.1 or 1.0, as JSON, JSON lines, or a "
            "zip or gzip of these. Nothing is written before you have seen what would come of it."
        ),
    )


class CatalogueImportForm(UploadForm):
    """A catalogue of services."""

    file = forms.FileField(
        label=_("FedRAMP Marketplace file"),
        help_text=_(
            "The JSON file that the FedRAMP Marketplace publishes, with its lists of products, agencies and "
            "authorizations. Nothing is written before you have seen what would come of it."
        ),
    )


class ContractImportCreate(UploadCreate):
    """Send a file of contracts, which is tried out first."""

    open_to = OFFICE
    model = ContractImport
    task = do_import
    form_class: type[UploadForm] = ContractImportForm
    page = SENT_FROM[Holds.CONTRACTS]
    up = (_("Contracts"), "vendors:contract_list")
    intro = _(
        "The file is tried out first: you see which contracts, organizations and payments are new, which change and"
        " what is refused, and choose then."
    )
    holds: tuple[str, ...] = (Holds.CONTRACTS,)

    def get_queryset(self) -> QuerySet[ContractImport]:
        return self.rows().filter(holds__in=self.holds)

    def said(self, form: Any) -> dict[str, Any]:
        return {"holds": self.holds[0]}


class CatalogueImportCreate(ContractImportCreate):
    """Send a catalogue of services, which is tried out first."""

    form_class = CatalogueImportForm
    page = SENT_FROM[Holds.CATALOGUE]
    up = (_("Services"), "vendors:service_list")
    intro = _(
        "The file is tried out first: you see which vendors, services, agencies and subscriptions are new, which change"
        " and what is refused, and choose then."
    )
    holds = (Holds.CATALOGUE,)


class ContractImportDetail(UploadDetail):
    """What would come of a file of contracts, or what came of it."""

    open_to = OVERSEERS
    model = ContractImport
    template_name = "vendors/imports/contract_import_detail.html"

    def kind(self) -> Text:
        row = self.object
        if row.is_table:
            return f"{row.get_holds_display()} · {row.settings['source']}"
        return _("Import of a catalogue") if row.holds == Holds.CATALOGUE else super().kind()

    def sent_from(self) -> Link:
        return SENT_FROM[self.object.holds]

    def first_refused(self) -> list[dict[str, Any]]:
        return [{**each, "kind": Kind(each["kind"]).label} for each in super().first_refused()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counted = self.object.report.get("kinds", [])
        kinds = [(Kind(each["kind"]).label, *each["figures"]) for each in counted]
        return super().get_context_data(kinds=kinds, **kwargs)


class ContractImportRun(UploadRun):
    """Take a file of contracts that was tried out."""

    open_to = OFFICE
    model = ContractImport
    task = do_import


class ContractImportRefused(UploadRefused):
    """All that was refused of a file of contracts, as a CSV file."""

    open_to = OVERSEERS
    model = ContractImport
