"""The supply side over the API."""

from vendors.api.scorecards import ScorecardViewSet
from vendors.api.supply import ContractViewSet, ServiceLevelViewSet, ServiceViewSet, VendorViewSet

__all__ = ["ContractViewSet", "ScorecardViewSet", "ServiceLevelViewSet", "ServiceViewSet", "VendorViewSet"]
