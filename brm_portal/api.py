"""Where every resource of the API lives."""

from typing import Any

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from agencies.api import AgencyViewSet
from brm_portal.dashboards.api import SearchView
from kernel.directory.api import ContactViewSet
from kernel.jobs.api import JobViewSet
from kernel.rest.docs import DocsIndex, DocsOperation
from kernel.rest.permissions import LoggedInPermission
from kernel.rest.viewsets import ReadViewSet
from kernel.saved_views.api import SavedViewViewSet
from metrics.api.indicators import IndicatorViewSet
from metrics.api.measurements import MeasurementViewSet, SeriesViewSet, TargetViewSet
from metrics.api.methodologies import MethodologyViewSet
from metrics.api.outcomes import OutcomeMeasureViewSet, OutcomeViewSet
from vendors.api import (
    AmendmentViewSet,
    ContractViewSet,
    IntegrationViewSet,
    MilestoneViewSet,
    PaymentViewSet,
    ScorecardViewSet,
    ServiceLevelViewSet,
    ServiceViewSet,
    SubscriptionViewSet,
    TemplateViewSet,
    VendorViewSet,
)
from vendors.identity.api import LikelyDuplicateViewSet, MergeViewSet
from vendors.imports.pages.api import ContractImportViewSet
from vendors.spending.api import SpendingView

VIEWSETS: tuple[type[ReadViewSet], ...] = (
    AgencyViewSet,
    ContactViewSet,
    VendorViewSet,
    LikelyDuplicateViewSet,
    MergeViewSet,
    ContractViewSet,
    ContractImportViewSet,
    AmendmentViewSet,
    MilestoneViewSet,
    PaymentViewSet,
    ServiceViewSet,
    SubscriptionViewSet,
    IntegrationViewSet,
    ServiceLevelViewSet,
    TemplateViewSet,
    IndicatorViewSet,
    SeriesViewSet,
    TargetViewSet,
    MeasurementViewSet,
    OutcomeViewSet,
    OutcomeMeasureViewSet,
    MethodologyViewSet,
    ScorecardViewSet,
    SavedViewViewSet,
    JobViewSet,
)

app_name = "api"
router = SimpleRouter()
for viewset in VIEWSETS:
    router.register(viewset.resource, viewset, basename=viewset.resource)

schema: Any = SpectacularAPIView.as_view(permission_classes=[LoggedInPermission])

urlpatterns = [
    path("schema/", schema, name="schema"),
    path("docs/", DocsIndex.as_view(), name="docs"),
    path("docs/<str:code>/", DocsOperation.as_view(), name="operation"),
    path("search/", SearchView.as_view(), name="search-list"),
    path("spending/", SpendingView.as_view(), name="spending-list"),
    *router.urls,
]
