"""The supply side over the API."""

from vendors.api.scorecards import ScorecardViewSet
from vendors.api.supply import (
    ContractViewSet,
    IntegrationViewSet,
    ServiceLevelViewSet,
    ServiceViewSet,
    SubscriptionViewSet,
    VendorViewSet,
)

__all__ = [
    "ContractViewSet",
    "IntegrationViewSet",
    "ScorecardViewSet",
    "ServiceLevelViewSet",
    "ServiceViewSet",
    "SubscriptionViewSet",
    "VendorViewSet",
]
