"""The supply side over the API."""

from vendors.api.contract_parts import AmendmentViewSet, MilestoneViewSet, PaymentViewSet
from vendors.api.contracts import ContractViewSet
from vendors.api.scorecards import ScorecardViewSet
from vendors.api.service_levels import ServiceLevelViewSet, TemplateViewSet
from vendors.api.services import IntegrationViewSet, ServiceViewSet, SubscriptionViewSet
from vendors.api.vendors import VendorViewSet

__all__ = [
    "AmendmentViewSet",
    "ContractViewSet",
    "IntegrationViewSet",
    "MilestoneViewSet",
    "PaymentViewSet",
    "ScorecardViewSet",
    "ServiceLevelViewSet",
    "ServiceViewSet",
    "SubscriptionViewSet",
    "TemplateViewSet",
    "VendorViewSet",
]
