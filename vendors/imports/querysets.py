"""Access rules of files that were sent, and of what they said."""

from kernel.access import Role, ScopedQuerySet
from kernel.uploads.querysets import UploadPartQuerySet, UploadQuerySet


class ContractImportQuerySet(UploadQuerySet):
    """Files of contracts: they may be about any organization, so only the CIO's office sends them."""

    manager_paths = ()
    creator_roles = frozenset({Role.CIO_OFFICE})


class ContractImportPartQuerySet(UploadPartQuerySet):
    """Pieces of files are read through their import's page alone."""


class KeptTableRowQuerySet(ScopedQuerySet):
    """Rows of tables as they were read: they may be about any organization."""

    manager_paths = ()
    creator_roles = frozenset()


class TableMappingQuerySet(ScopedQuerySet):
    """Mappings of columns: who may send such tables keeps them."""

    manager_paths = ()
    creator_roles = frozenset({Role.CIO_OFFICE})
