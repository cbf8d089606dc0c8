"""Pages of notices."""

from django.urls import path

from kernel.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.NoticeList.as_view(), name="notice_list"),
    path("notices/read/", views.NoticesRead.as_view(), name="notices_read"),
]
