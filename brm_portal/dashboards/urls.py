"""The overview; the home page stands in the root, for its address is the portal's own."""

from django.urls import path

from brm_portal.dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("search/", views.Search.as_view(), name="search"),
    path("overview/", views.Overview.as_view(), name="overview"),
]
