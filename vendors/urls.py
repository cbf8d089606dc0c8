"""Pages of the supply side."""

from django.urls import path

from vendors.identity import views as identity
from vendors.imports.pages import views as imports
from vendors.imports.tables import views as tables
from vendors.methodologies import views as methodologies
from vendors.segments import views as segments
from vendors.spending import views as spending
from vendors.views import (
    contract_parts,
    contracts,
    scorecard_actions,
    scorecards,
    service_levels,
    services,
    state_rules,
    vendors,
)

app_name = "vendors"
urlpatterns = [
    path("vendors/", vendors.VendorList.as_view(), name="vendor_list"),
    path("vendors/new/", vendors.VendorCreate.as_view(), name="vendor_create"),
    path("vendors/<str:code>/", vendors.VendorDetail.as_view(), name="vendor_detail"),
    path("vendors/<str:code>/edit/", vendors.VendorUpdate.as_view(), name="vendor_update"),
    path("vendors/<str:code>/integrations/new/", services.IntegrationCreate.as_view(), name="integration_create"),
    path("integrations/<int:pk>/edit/", services.IntegrationUpdate.as_view(), name="integration_update"),
    path("calendar/", contracts.ContractCalendar.as_view(), name="contract_calendar"),
    path("contracts/", contracts.ContractList.as_view(), name="contract_list"),
    path("contracts/new/", contracts.ContractCreate.as_view(), name="contract_create"),
    path("contracts/import/", imports.ContractImportCreate.as_view(), name="contract_import_create"),
    path("contracts/import/<int:pk>/", imports.ContractImportDetail.as_view(), name="contract_import_detail"),
    path("contracts/import/<int:pk>/run/", imports.ContractImportRun.as_view(), name="contract_import_run"),
    path("contracts/import/<int:pk>/refused/", imports.ContractImportRefused.as_view(), name="contract_import_refused"),
    path("contracts/import/table/", tables.TableImportCreate.as_view(), name="table_import_create"),
    path("contracts/import/<int:pk>/columns/", tables.TableImportColumns.as_view(), name="table_import_columns"),
    path("contracts/import/<int:pk>/undo/", tables.TableImportUndo.as_view(), name="table_import_undo"),
    path("contracts/<int:pk>/", contracts.ContractDetail.as_view(), name="contract_detail"),
    path("contracts/<int:pk>/edit/", contracts.ContractUpdate.as_view(), name="contract_update"),
    path(
        "contracts/<int:pk>/service-levels/new/",
        service_levels.ServiceLevelCreate.as_view(),
        name="service_level_create",
    ),
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
    path("service-levels/<str:code>/edit/", service_levels.ServiceLevelUpdate.as_view(), name="service_level_update"),
    path("service-level-templates/", service_levels.TemplateList.as_view(), name="template_list"),
    path("service-level-templates/new/", service_levels.TemplateCreate.as_view(), name="template_create"),
    path("service-level-templates/<str:code>/edit/", service_levels.TemplateUpdate.as_view(), name="template_update"),
    path("scorecards/", scorecards.ScorecardList.as_view(), name="scorecard_list"),
    path("scorecards/compute/", scorecard_actions.ScorecardCompute.as_view(), name="scorecard_compute"),
    path("scorecards/publish/", scorecard_actions.ScorecardPublish.as_view(), name="scorecard_publish"),
    path("scorecards/<int:pk>/", scorecards.ScorecardDetail.as_view(), name="scorecard_detail"),
    path("scorecards/<int:pk>/pdf/", scorecards.ScorecardPdf.as_view(), name="scorecard_pdf"),
    path("methodologies/<str:code>/preview/", methodologies.MethodologyPreview.as_view(), name="methodology_preview"),
    path("methodologies/<str:code>/use/", methodologies.MethodologyUse.as_view(), name="methodology_use"),
    path("likely-duplicates/", identity.DuplicateList.as_view(), name="duplicate_list"),
    path("likely-duplicates/new/", identity.DuplicateCreate.as_view(), name="duplicate_create"),
    path("likely-duplicates/search/", identity.DuplicateSearch.as_view(), name="duplicate_search"),
    path("likely-duplicates/<int:pk>/", identity.DuplicateDetail.as_view(), name="duplicate_detail"),
    path("merges/", identity.MergeList.as_view(), name="merge_list"),
    path("merges/<int:pk>/", identity.MergeDetail.as_view(), name="merge_detail"),
    path("merges/<int:pk>/undo/", identity.MergeUndo.as_view(), name="merge_undo"),
    path("segments/", segments.SegmentProposals.as_view(), name="segments"),
    path("state-rules/", state_rules.StateRulesUpdate.as_view(), name="state_rules"),
    path("spending/", spending.SpendingPage.as_view(), name="spending"),
    path("services/", services.ServiceList.as_view(), name="service_list"),
    path("services/new/", services.ServiceCreate.as_view(), name="service_create"),
    path("services/import/", imports.CatalogueImportCreate.as_view(), name="catalogue_import_create"),
    path("services/<str:code>/", services.ServiceDetail.as_view(), name="service_detail"),
    path("services/<str:code>/edit/", services.ServiceUpdate.as_view(), name="service_update"),
    path("services/<str:code>/subscriptions/new/", services.SubscriptionCreate.as_view(), name="subscription_create"),
    path("subscriptions/<int:pk>/edit/", services.SubscriptionUpdate.as_view(), name="subscription_update"),
]
