"""Where every page lives."""

from django.contrib import admin
from django.urls import include, path

from brm_portal.dashboards.views import Home
from brm_portal.health import healthz, readyz
from brm_portal.theme import theme_css

# Below /api/ errors are problem details, elsewhere pages.
handler400 = "kernel.rest.problems.bad_request"
handler403 = "kernel.rest.problems.permission_denied"
handler404 = "kernel.rest.problems.page_not_found"
handler500 = "kernel.rest.problems.server_error"

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("", include("brm_portal.dashboards.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("kernel.accounts.login_urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("brm_portal.api")),
    path("", include("kernel.accounts.urls")),
    path("", include("kernel.history.urls")),
    path("", include("kernel.jobs.urls")),
    path("", include("kernel.notices.urls")),
    path("", include("kernel.saved_views.urls")),
    path("", include("kernel.webhooks.urls")),
    path("", include("metrics.urls")),
    path("", include("agencies.urls")),
    path("", include("vendors.urls")),
    path("theme.css", theme_css, name="theme"),
]
