"""Where every page lives."""

from django.contrib import admin
from django.urls import include, path

from brm_portal.dashboards.views import Home
from brm_portal.health import healthz, readyz
from brm_portal.theme import theme_css

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("", include("brm_portal.dashboards.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("brm_portal.accounts.login_urls")),
    path("admin/", admin.site.urls),
    path("", include("metrics.urls")),
    path("", include("agencies.urls")),
    path("", include("vendors.urls")),
    path("theme.css", theme_css, name="theme"),
]
