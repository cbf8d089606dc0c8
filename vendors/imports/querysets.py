"""Access rules of files that were sent, and of what they said."""

from kernel.access import OFFICE, OfficeKept, ScopedQuerySet, Unwritten
from kernel.uploads.querysets import UploadQuerySet


class ContractImportQuerySet(UploadQuerySet):
    """Files of contracts: they may be about any organization, so only the CIO's office sends them."""

    creator_roles = OFFICE


class KeptTableRowQuerySet(Unwritten, ScopedQuerySet):
    """Rows of tables as they were read: they may be about any organization."""


class TableMappingQuerySet(OfficeKept, ScopedQuerySet):
    """Mappings of columns: who may send such tables keeps them."""
