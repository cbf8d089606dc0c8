"""Names of organizations always show; they link to a page only for those who may see it."""

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kernel.access import ScopedQuerySet
from kernel.directory.models import Organization


def agency_link(request: HttpRequest, organization: Organization) -> SafeString:
    """An agency's name, linked to its page where the user may see that; vendors and integrators have no such pages."""
    model, page = settings.AGENCY_PAGE
    return linked_name(request, organization, page, apps.get_model(model)._default_manager.all())


def linked_name(request: HttpRequest, organization: Organization, page: str, rows: ScopedQuerySet) -> SafeString:
    """An organization's name, linked to the page that `rows`, whose keys are organizations, have."""
    if organization.pk not in _visible(request, page, rows):
        return format_html("{}", organization.name)
    return format_html('<a href="{}">{}</a>', reverse(page, args=[organization.code]), organization.name)


def _visible(request: HttpRequest, page: str, rows: ScopedQuerySet) -> set[int]:
    """Which organizations have that page for this user: one query per page shown, however many links."""
    known: dict[str, set[int]] = request.__dict__.setdefault("_visible_organizations", {})
    if page not in known:
        known[page] = set(rows.visible_to(request.user).order_by().values_list("pk", flat=True))
    return known[page]
