"""Pages of webhooks."""

from django.urls import path

from kernel.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("webhooks/", views.EndpointList.as_view(), name="webhook_list"),
    path("webhooks/new/", views.EndpointCreate.as_view(), name="webhook_create"),
    path("webhooks/<int:pk>/", views.EndpointDetail.as_view(), name="webhook_detail"),
    path("webhooks/<int:pk>/edit/", views.EndpointUpdate.as_view(), name="webhook_update"),
    path("webhooks/<int:pk>/secret/", views.EndpointNewSecret.as_view(), name="webhook_new_secret"),
    path("webhooks/<int:pk>/off/", views.EndpointSwitchOff.as_view(), name="webhook_switch_off"),
    path("webhooks/<int:pk>/on/", views.EndpointSwitchOn.as_view(), name="webhook_switch_on"),
    path("webhooks/<int:pk>/test/", views.EndpointTest.as_view(), name="webhook_test"),
    path("webhooks/messages/<uuid:pk>/", views.DeliveryDetail.as_view(), name="message_detail"),
    path("webhooks/messages/<uuid:pk>/again/", views.DeliveryRedeliver.as_view(), name="message_redeliver"),
]
