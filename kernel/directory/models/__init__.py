"""Who exists, who belongs to them in which capacity, whom to talk to there, and which were found to be one."""

from kernel.directory.models.merges import MergedRows, OrganizationMerge
from kernel.directory.models.who import (
    Address,
    Alias,
    Contact,
    Identifier,
    Membership,
    Organization,
    code_validator,
)

__all__ = [
    "Address",
    "Alias",
    "Contact",
    "Identifier",
    "Membership",
    "MergedRows",
    "Organization",
    "OrganizationMerge",
    "code_validator",
]
