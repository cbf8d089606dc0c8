"""Supply: who delivers what under which agreement, and how well."""

from vendors.models.fulfilment import AmendedTarget, Amendment, ContractRelease, CoSupplier, Milestone, Payment
from vendors.models.identity import LikelyDuplicate
from vendors.models.imports import ContractImport, ContractImportPart, KeptTableRow, TableMapping
from vendors.models.reminders import Reminder
from vendors.models.rules import StateRules
from vendors.models.scorecards import Scorecard, ScorecardDimension, ScorecardLine, ScoringDue
from vendors.models.service_levels import ServiceLevel
from vendors.models.supply import Contract, Integration, Service, Subscription, Vendor
from vendors.models.templates import ServiceLevelTemplate

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
