"""The state's own colours, as a stylesheet: the pages' policy allows no inline styles."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=3600)
def theme_css(request: HttpRequest) -> HttpResponse:
    """Set the two custom properties from which the stylesheet derives every tint and shade."""
    css = f":root{{--state-primary:{settings.STATE_COLOR_PRIMARY};--state-accent:{settings.STATE_COLOR_ACCENT}}}\n"
    return HttpResponse(css, content_type="text/css; charset=utf-8")
