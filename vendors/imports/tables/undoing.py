"""Undoing a table: its rows are left out, and the contracts they spoke of are made anew of what is left."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.accounts.models import User
from kernel.directory.merging import references
from kernel.directory.models import Address, Alias, Identifier, Organization
from kernel.jobs.models import Job
from kernel.jobs.working import range_task
from kernel.uploads.operations import lock_upload, put_to_work
from vendors.imports.contracts.reporting import IMPORT_LOCK, Run
from vendors.imports.contracts.rows import Place
from vendors.imports.pages.uploading import do_import
from vendors.imports.tables.loading import CONTRACTS_AT_ONCE, take_contracts, what_is_kept
from vendors.imports.tables.mappings import manner_of
from vendors.models import Amendment, Contract, ContractImport, CoSupplier, KeptTableRow, Payment, Vendor

# Number of the contract, kind of the row, reference.
Told = tuple[str, str, str]
# By what an organization is known, and nothing that it does.
NAMES: tuple[type[models.Model], ...] = (Alias, Identifier, Address)
PARTS: dict[str, type[models.Model]] = {
    KeptTableRow.Kind.REVISION: Amendment,
    KeptTableRow.Kind.PAYMENT: Payment,
}


@transaction.atomic
def start_undo(*, contract_import: ContractImport, by: User) -> ContractImport:
    """Have a table undone. Raises PermissionDenied, and ValidationError where that cannot be."""
    row = lock_upload(contract_import, by)
    if reasons := in_the_way(row):
        raise ValidationError(reasons)
    return put_to_work(row, task=do_undo, title=_("Undo import of %(file)s"), by=by)


def in_the_way(row: ContractImport) -> list[str]:
    """What keeps a table from being undone; nothing does where the list is empty."""
    if not row.is_table or row.merged_at is None:
        return [_("Only tables that were imported can be undone.")]
    if row.undone_at is not None:
        return [_("It was undone already.")]
    last = KeptTableRow.objects.filter(contract_import=row).order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        return [_("It changed nothing, so there is nothing to undo.")]
    if KeptTableRow.objects.filter(source=row.settings["source"], pk__gt=last).exists():
        return [_("A later table of the same source was imported since. Undo that one first.")]
    return []


@range_task("vendors.undo_table")
def do_undo(params: dict[str, Any], payload: Any) -> dict[str, int]:
    """Undo a table; of contracts that are known by it alone, those go on which nothing else hangs."""
    row = ContractImport.objects.select_for_update(of=("self",)).get(pk=payload)
    if in_the_way(row):
        return {"restored": 0, "removed": 0, "kept": 0}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    manner = manner_of(row)
    told: list[Told] = list(KeptTableRow.objects.filter(contract_import=row).values_list("number", "kind", "reference"))
    KeptTableRow.objects.filter(contract_import=row).delete()
    # What earlier tables say of co-suppliers comes back with their contracts.
    CoSupplier.objects.filter(pk__in=_brought(CoSupplier, row)).delete()
    numbers = iter(sorted({number for number, _kind, _reference in told}))
    restored, removed, kept = 0, 0, 0
    while portion := list(islice(numbers, CONTRACTS_AT_ONCE)):
        wanted = set(portion)
        of_portion = [each for each in told if each[0] in wanted]
        restored += _restore(portion, of_portion, manner.source, manner.agency)
        gone, stays = _remove(portion, of_portion, manner.source)
        removed, kept = removed + gone, kept + stays
    _remove_organizations(row)
    row.undone_at = timezone.now()
    row.save(update_fields=["undone_at"])
    return {"restored": restored, "removed": removed, "kept": kept}


def _restore(numbers: list[str], told: list[Told], source: str, agency: str) -> int:
    """Make contracts of which something is known still as they were; what only the undone table said of them goes."""
    known = {said.number: said for said in what_is_kept(numbers, source)}
    for kind, model in PARTS.items():
        gone = {
            (number, reference)
            for number, of_kind, reference in told
            if of_kind == kind and number in known and reference not in known[number].of_kind(kind)
        }
        _parts_of(model, source, known, gone).delete()
    places = {number: Place("") for number in sorted(known)}
    return len(take_contracts(Run(None), places, source, agency)) if places else 0


def _remove(numbers: list[str], told: list[Told], source: str) -> tuple[int, int]:
    """Remove contracts of which nothing is known any more; return how many went, and on how many others hang on."""
    known = set(KeptTableRow.objects.filter(source=source, number__in=numbers).values_list("number", flat=True))
    gone = set(numbers) - known
    contracts = Contract.objects.filter(source=source, source_key__in=gone).order_by("pk")
    keys = dict(contracts.values_list("pk", "source_key"))
    removed = _removed(list(keys), keys, told, source)
    return removed, len(keys) - removed


def _removed(portion: list[int], keys: dict[int, str], told: list[Told], source: str) -> int:
    """Remove contracts with the parts that the table named: all at once, or, where one cannot go, each by itself."""
    numbers = {keys[key] for key in portion}
    try:
        with transaction.atomic():
            for kind, model in PARTS.items():
                named = {(number, reference) for number, of_kind, reference in told if of_kind == kind}
                _parts_of(model, source, numbers, named).delete()
            Contract.objects.filter(pk__in=portion).delete()
    except (models.ProtectedError, IntegrityError):
        # Somebody hung something on one of them: that one stays as it is.
        return 0 if len(portion) == 1 else sum(_removed([key], keys, told, source) for key in portion)
    return len(portion)


def _parts_of(model: Any, source: str, numbers: Iterable[str], named: set[tuple[str, str]]) -> Any:
    """The amendments or payments of a source's contracts that are named by contract and reference."""
    parts = model.objects.filter(contract__source=source, contract__source_key__in=list(numbers)).order_by()
    rows = parts.values_list("pk", "contract__source_key", "reference")
    return model.objects.filter(pk__in=[key for key, *name in rows if tuple(name) in named])


def _brought(model: type[models.Model], row: ContractImport) -> list[int]:
    """The keys of the rows of a model that came with a table, as the history tells."""
    jobs = Job.objects.filter(kind=do_import.name, params__import=row.pk).values_list("pk", flat=True)
    events = apps.get_model(model._meta.app_label, f"{model.__name__}Event")._default_manager
    return list(events.filter(pgh_label="insert", pgh_context__job__in=list(jobs)).values_list("pgh_obj", flat=True))


def _remove_organizations(row: ContractImport) -> None:
    """Remove the organizations that the table brought and that nothing refers to any more."""
    brought = _brought(Organization, row)
    unused = Organization.objects.filter(pk__in=brought, merged_into=None, agency=None, merges=None)
    for model, field in references():
        if model not in NAMES:
            unused = unused.exclude(Exists(model._base_manager.filter(**{field.name: OuterRef("pk")})))
    keys = list(unused.values_list("pk", flat=True))
    for model in NAMES:
        model._default_manager.filter(organization__in=keys).delete()
    Vendor.objects.filter(pk__in=keys).delete()
    Organization.objects.filter(pk__in=keys).delete()
