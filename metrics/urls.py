"""Pages of measuring."""

from django.urls import path

from metrics import views
from metrics.editions import views as editions
from metrics.intake import views as intake

app_name = "metrics"
urlpatterns = [
    path("outcomes/", views.OutcomeList.as_view(), name="outcome_list"),
    path("outcomes/new/", views.OutcomeCreate.as_view(), name="outcome_create"),
    path("outcomes/<str:code>/", views.OutcomeDetail.as_view(), name="outcome_detail"),
    path("outcomes/<str:code>/edit/", views.OutcomeUpdate.as_view(), name="outcome_update"),
    path("outcomes/<str:code>/measures/new/", views.MeasureCreate.as_view(), name="measure_create"),
    path("outcome-measures/<int:pk>/edit/", views.MeasureUpdate.as_view(), name="measure_update"),
    path("indicators/", views.IndicatorList.as_view(), name="indicator_list"),
    path("indicators/new/", views.IndicatorCreate.as_view(), name="indicator_create"),
    path("indicators/<str:code>/", views.IndicatorDetail.as_view(), name="indicator_detail"),
    path("indicators/<str:code>/edit/", views.IndicatorUpdate.as_view(), name="indicator_update"),
    path("methodologies/", views.MethodologyList.as_view(), name="methodology_list"),
    path("methodologies/<str:code>/", views.MethodologyDetail.as_view(), name="methodology_detail"),
    path("methodologies/<str:code>/new-edition/", editions.EditionCreate.as_view(), name="methodology_create"),
    path("methodologies/<str:code>/edit/", editions.EditionUpdate.as_view(), name="methodology_update"),
    path("methodologies/<str:code>/discard/", editions.EditionDiscard.as_view(), name="methodology_discard"),
    path("series/<str:code>/targets/new/", views.TargetCreate.as_view(), name="target_create"),
    path("targets/<int:pk>/edit/", views.TargetUpdate.as_view(), name="target_update"),
    path("series/<str:code>/measurements/new/", views.MeasurementCreate.as_view(), name="measurement_create"),
    path("measurements/<int:pk>/edit/", views.MeasurementUpdate.as_view(), name="measurement_update"),
    path("measurements/<int:pk>/exclude/", views.MeasurementExclude.as_view(), name="measurement_exclude"),
    path("measurements/<int:pk>/readmit/", views.MeasurementReadmit.as_view(), name="measurement_readmit"),
    path("measurements/import/", intake.ImportCreate.as_view(), name="import_create"),
    path("measurements/import/<int:pk>/", intake.ImportDetail.as_view(), name="import_detail"),
    path("measurements/import/<int:pk>/run/", intake.ImportRun.as_view(), name="import_run"),
    path("measurements/import/<int:pk>/undo/", intake.ImportUndo.as_view(), name="import_undo"),
    path("measurements/import/<int:pk>/refused/", intake.ImportRefused.as_view(), name="import_refused"),
]
