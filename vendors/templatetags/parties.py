"""The two sides of an agreement in pages: `{% load parties %}`."""

from django import template
from django.utils.safestring import SafeString

from kernel.directory.models import Organization
from kernel.templatetags.organizations import agency_link
from vendors import links

register = template.Library()
register.simple_tag(takes_context=True)(agency_link)


@register.simple_tag(takes_context=True)
def vendor_link(context: template.Context, organization: Organization) -> SafeString:
    """`{% vendor_link contract.vendor.organization %}`: the name, linked where the user may see the vendor's page."""
    return links.vendor_link(context["request"], organization)
