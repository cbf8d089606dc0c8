"""Supply: who delivers what under which agreement, and how well."""

from vendors.identity.models import LikelyDuplicate
from vendors.imports.models import ContractImport, ContractImportPart, KeptTableRow, TableMapping
from vendors.models.contract_parts import AmendedTarget, Amendment, ContractRelease, CoSupplier, Milestone, Payment
from vendors.models.contracts import Contract, Reminder
from vendors.models.scorecards import Scorecard, ScorecardDimension, ScorecardLine, ScoringDue
from vendors.models.service_levels import ServiceLevel, ServiceLevelTemplate
from vendors.models.services import Integration, Service, Subscription
from vendors.models.state_rules import StateRules
from vendors.models.vendors import Vendor

__all__ = [
    "AmendedTarget",
    "Amendment",
    "CoSupplier",
    "Contract",
    "ContractImport",
    "ContractImportPart",
    "ContractRelease",
    "Integration",
    "KeptTableRow",
    "LikelyDuplicate",
    "Milestone",
    "Payment",
    "Reminder",
    "Scorecard",
    "ScorecardDimension",
    "ScorecardLine",
    "ScoringDue",
    "Service",
    "ServiceLevel",
    "StateRules",
    "ServiceLevelTemplate",
    "Subscription",
    "TableMapping",
    "Vendor",
]
