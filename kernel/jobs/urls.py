"""Pages about long work."""

from django.urls import path

from kernel.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.JobList.as_view(), name="job_list"),
    path("jobs/<int:pk>/", views.JobDetail.as_view(), name="job_detail"),
    path("jobs/<int:pk>/retry/", views.JobRetry.as_view(), name="job_retry"),
]
