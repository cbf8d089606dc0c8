"""Pages of measuring."""

from django.urls import path

from metrics.editions import views as editions
from metrics.imports import views as imports
from metrics.views import indicators, measurements, methodologies, outcomes

app_name = "metrics"
urlpatterns = [
    path("outcomes/", outcomes.OutcomeList.as_view(), name="outcome_list"),
    path("outcomes/new/", outcomes.OutcomeCreate.as_view(), name="outcome_create"),
    path("outcomes/<str:code>/", outcomes.OutcomeDetail.as_view(), name="outcome_detail"),
    path("outcomes/<str:code>/edit/", outcomes.OutcomeUpdate.as_view(), name="outcome_update"),
    path("outcomes/<str:code>/measures/new/", outcomes.MeasureCreate.as_view(), name="measure_create"),
    path("outcome-measures/<int:pk>/edit/", outcomes.MeasureUpdate.as_view(), name="measure_update"),
    path("indicators/", indicators.IndicatorList.as_view(), name="indicator_list"),
    path("indicators/new/", indicators.IndicatorCreate.as_view(), name="indicator_create"),
    path("indicators/<str:code>/", indicators.IndicatorDetail.as_view(), name="indicator_detail"),
    path("indicators/<str:code>/edit/", indicators.IndicatorUpdate.as_view(), name="indicator_update"),
    path("methodologies/", methodologies.MethodologyList.as_view(), name="methodology_list"),
    path("methodologies/<str:code>/", methodologies.MethodologyDetail.as_view(), name="methodology_detail"),
    path("methodologies/<str:code>/new-edition/", editions.EditionCreate.as_view(), name="methodology_create"),
    path("methodologies/<str:code>/edit/", editions.EditionUpdate.as_view(), name="methodology_update"),
    path("methodologies/<str:code>/discard/", editions.EditionDiscard.as_view(), name="methodology_discard"),
    path("series/<str:code>/targets/new/", measurements.TargetCreate.as_view(), name="target_create"),
    path("targets/<int:pk>/edit/", measurements.TargetUpdate.as_view(), name="target_update"),
    path("series/<str:code>/measurements/new/", measurements.MeasurementCreate.as_view(), name="measurement_create"),
    path("measurements/<int:pk>/edit/", measurements.MeasurementUpdate.as_view(), name="measurement_update"),
    path("measurements/<int:pk>/exclude/", measurements.MeasurementExclude.as_view(), name="measurement_exclude"),
    path("measurements/<int:pk>/readmit/", measurements.MeasurementReadmit.as_view(), name="measurement_readmit"),
    path("measurements/import/", imports.ImportCreate.as_view(), name="import_create"),
    path("measurements/import/<int:pk>/", imports.ImportDetail.as_view(), name="import_detail"),
    path("measurements/import/<int:pk>/run/", imports.ImportRun.as_view(), name="import_run"),
    path("measurements/import/<int:pk>/undo/", imports.ImportUndo.as_view(), name="import_undo"),
    path("measurements/import/<int:pk>/refused/", imports.ImportRefused.as_view(), name="import_refused"),
]
