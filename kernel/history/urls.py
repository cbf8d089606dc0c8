"""The history of any row."""

from django.urls import path

from kernel.history.views import HistoryPanel

app_name = "history"
urlpatterns = [path("history/<str:app_label>/<str:model>/<str:pk>/", HistoryPanel.as_view(), name="panel")]
