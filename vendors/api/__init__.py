"""The supply side over the API."""

from vendors.api.contract_parts import AmendmentViewSet, MilestoneViewSet, PaymentViewSet
from vendors.api.identity import LikelyDuplicateViewSet, MergeViewSet
from vendors.api.imports import ContractImportViewSet
from vendors.api.scorecards import ScorecardViewSet
from vendors.api.supply import (
    ContractViewSet,
    IntegrationViewSet,
    ServiceLevelViewSet,
    ServiceViewSet,
    SubscriptionViewSet,
    TemplateViewSet,
    VendorViewSet,
)

__all__ = [
    "AmendmentViewSet",
    "ContractImportViewSet",
    "ContractViewSet",
    "IntegrationViewSet",
    "LikelyDuplicateViewSet",
    "MergeViewSet",
    "MilestoneViewSet",
    "PaymentViewSet",
    "ScorecardViewSet",
    "ServiceLevelViewSet",
    "ServiceViewSet",
    "SubscriptionViewSet",
    "TemplateViewSet",
    "VendorViewSet",
]
