"""Pages of saved views."""

from django.urls import path

from kernel.saved_views import views

app_name = "saved_views"
urlpatterns = [
    path("views/", views.SavedViewList.as_view(), name="view_list"),
    path("views/new/<str:page>/", views.SavedViewCreate.as_view(), name="view_create"),
    path("views/<int:pk>/edit/", views.SavedViewUpdate.as_view(), name="view_update"),
    path("views/<int:pk>/remove/", views.SavedViewRemove.as_view(), name="view_remove"),
]
