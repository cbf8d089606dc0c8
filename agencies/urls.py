"""Pages of the demand side."""

from django.urls import path

from agencies import views

app_name = "agencies"
urlpatterns = [
    path("agencies/", views.AgencyList.as_view(), name="agency_list"),
    path("agencies/new/", views.AgencyCreate.as_view(), name="agency_create"),
    path("agencies/<str:code>/", views.AgencyDetail.as_view(), name="agency_detail"),
    path("agencies/<str:code>/edit/", views.AgencyUpdate.as_view(), name="agency_update"),
    path("agencies/<str:code>/contacts/new/", views.ContactCreate.as_view(), name="contact_create"),
    path("contacts/<int:pk>/edit/", views.ContactUpdate.as_view(), name="contact_update"),
]
