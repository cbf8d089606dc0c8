"""The overview, the search, and the calendar for other programs; the home page is in the root, where it belongs."""

from django.urls import path

from brm_portal.dashboards import calendar_pages, views

app_name = "dashboards"
urlpatterns = [
    path("search/", views.Search.as_view(), name="search"),
    path("overview/", views.Overview.as_view(), name="overview"),
    path("calendar/address/", calendar_pages.CalendarAddressDetail.as_view(), name="calendar_address"),
    path(
        "calendar/address/<int:pk>/revoke/",
        calendar_pages.CalendarAddressRevoke.as_view(),
        name="calendar_address_revoke",
    ),
    path("calendar/<str:secret>.ics", calendar_pages.calendar_feed, name="calendar_feed"),
]
