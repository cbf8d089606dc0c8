from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Django's admin with the portal's own site in the place of Django's."""

    default_site = "brm_portal.admin_site.PortalAdminSite"
