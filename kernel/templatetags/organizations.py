"""Organizations in pages: `{% load organizations %}`."""

from django import template
from django.utils.safestring import SafeString

from kernel.directory import links
from kernel.directory.models import Organization

register = template.Library()


@register.simple_tag(takes_context=True)
def agency_link(context: template.Context, organization: Organization) -> SafeString:
    """`{% agency_link contract.agency %}`: the name, linked where the user may see the agency's page."""
    return links.agency_link(context["request"], organization)
