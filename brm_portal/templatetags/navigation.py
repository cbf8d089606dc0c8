"""Navigation for the page's frame: `{% load navigation %}`."""

from django import template

from brm_portal.navigation import Item, account_links_for, footer_links_for, links_beside_for, navigation_for

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Item]:
    """`{% navigation as places %}`: the main navigation of whoever is logged in."""
    return navigation_for(context["request"])


@register.simple_tag(takes_context=True)
def account_links(context: template.Context) -> list[Item]:
    """`{% account_links as links %}`: profile, tokens, second factor."""
    return account_links_for(context["request"])


@register.simple_tag(takes_context=True)
def footer_links(context: template.Context) -> list[Item]:
    """`{% footer_links as links %}`: the API's documentation, for those who may use it."""
    return footer_links_for(context["request"])


@register.simple_tag(takes_context=True)
def links_beside(context: template.Context) -> list[Item]:
    """`{% links_beside as links %}`: where else this page leads, beside its own actions."""
    request = context.get("request")
    return [] if request is None else links_beside_for(request)
