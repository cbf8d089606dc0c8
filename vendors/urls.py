"""Pages of the supply side."""

from django.urls import path

from vendors.ocds import views as ocds
from vendors.segments import views as segments
from vendors.spending import views as spending
from vendors.views import (
    calendar,
    computing,
    contract_parts,
    contracts,
    methodologies,
    profiles,
    publishing,
    rules,
    scorecards,
    service_levels,
    services,
    vendors,
)

app_name = "vendors"
urlpatterns = [
    path("vendors/", vendors.VendorList.as_view(), name="vendor_list"),
    path("vendors/new/", profiles.VendorCreate.as_view(), name="vendor_create"),
    path("vendors/<str:code>/", vendors.VendorDetail.as_view(), name="vendor_detail"),
    path("vendors/<str:code>/edit/", profiles.VendorUpdate.as_view(), name="vendor_update"),
    path("vendors/<str:code>/integrations/new/", services.IntegrationCreate.as_view(), name="integration_create"),
    path("integrations/<int:pk>/edit/", services.IntegrationUpdate.as_view(), name="integration_update"),
    path("calendar/", calendar.ContractCalendar.as_view(), name="contract_calendar"),
    path("contracts/", contracts.ContractList.as_view(), name="contract_list"),
    path("contracts/new/", contracts.ContractCreate.as_view(), name="contract_create"),
    path("contracts/import/", ocds.ContractImportCreate.as_view(), name="contract_import_create"),
    path("contracts/import/<int:pk>/", ocds.ContractImportDetail.as_view(), name="contract_import_detail"),
    path("contracts/import/<int:pk>/run/", ocds.ContractImportRun.as_view(), name="contract_import_run"),
    path("contracts/import/<int:pk>/refused/", ocds.ContractImportRefused.as_view(), name="contract_import_refused"),
    path("contracts/<int:pk>/", contracts.ContractDetail.as_view(), name="contract_detail"),
    path("contracts/<int:pk>/edit/", contracts.ContractUpdate.as_view(), name="contract_update"),
    path("contracts/<int:pk>/service-levels/new/", contracts.ServiceLevelCreate.as_view(), name="service_level_create"),
    path("contracts/<int:pk>/amendments/new/", contract_parts.AmendmentCreate.as_view(), name="amendment_create"),
    path("amendments/<int:pk>/edit/", contract_parts.AmendmentUpdate.as_view(), name="amendment_update"),
    path("amendments/<int:pk>/remove/", contract_parts.AmendmentRemove.as_view(), name="amendment_remove"),
    path("contracts/<int:pk>/milestones/new/", contract_parts.MilestoneCreate.as_view(), name="milestone_create"),
    path("milestones/<int:pk>/edit/", contract_parts.MilestoneUpdate.as_view(), name="milestone_update"),
    path("milestones/<int:pk>/remove/", contract_parts.MilestoneRemove.as_view(), name="milestone_remove"),
    path("contracts/<int:pk>/payments/new/", contract_parts.PaymentCreate.as_view(), name="payment_create"),
    path("payments/<int:pk>/edit/", contract_parts.PaymentUpdate.as_view(), name="payment_update"),
    path("payments/<int:pk>/remove/", contract_parts.PaymentRemove.as_view(), name="payment_remove"),
    path("service-levels/", service_levels.ServiceLevelList.as_view(), name="service_level_list"),
    path("service-levels/<str:code>/", service_levels.ServiceLevelDetail.as_view(), name="service_level_detail"),
    path("service-levels/<str:code>/edit/", contracts.ServiceLevelUpdate.as_view(), name="service_level_update"),
    path("scorecards/", scorecards.ScorecardList.as_view(), name="scorecard_list"),
    path("scorecards/compute/", computing.ScorecardCompute.as_view(), name="scorecard_compute"),
    path("scorecards/publish/", publishing.ScorecardPublish.as_view(), name="scorecard_publish"),
    path("scorecards/<int:pk>/", scorecards.ScorecardDetail.as_view(), name="scorecard_detail"),
    path("methodologies/<str:code>/preview/", methodologies.MethodologyPreview.as_view(), name="methodology_preview"),
    path("methodologies/<str:code>/use/", methodologies.MethodologyUse.as_view(), name="methodology_use"),
    path("segments/", segments.SegmentProposals.as_view(), name="segments"),
    path("state-rules/", rules.StateRulesUpdate.as_view(), name="state_rules"),
    path("spending/", spending.SpendingPage.as_view(), name="spending"),
    path("services/", services.ServiceList.as_view(), name="service_list"),
    path("services/new/", services.ServiceCreate.as_view(), name="service_create"),
    path("services/<str:code>/", services.ServiceDetail.as_view(), name="service_detail"),
    path("services/<str:code>/edit/", services.ServiceUpdate.as_view(), name="service_update"),
    path("services/<str:code>/subscriptions/new/", services.SubscriptionCreate.as_view(), name="subscription_create"),
    path("subscriptions/<int:pk>/edit/", services.SubscriptionUpdate.as_view(), name="subscription_update"),
]
