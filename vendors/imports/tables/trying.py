"""Tables whose columns were told apart: tried out as their sender chose."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kernel.accounts.models import User
from kernel.uploads.operations import lock_upload, try_out
from vendors.imports.pages.uploading import do_import
from vendors.models import ContractImport


@transaction.atomic
def try_out_table(*, contract_import: ContractImport, chosen: dict[str, Any], by: User) -> ContractImport:
    """Have a table tried out, perhaps anew, with its columns as chosen; what was taken stays as it is."""
    row = lock_upload(contract_import, by)
    if not row.is_table or row.merged_at is not None:
        raise ValidationError(_("Only tables that were not imported yet can be tried out."))
    row.settings = {"source": row.settings["source"], **chosen}
    row.save(update_fields=["settings"])
    return try_out(row, task=do_import, by=by)
