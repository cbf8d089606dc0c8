"""The state's own colours, as a stylesheet: the pages' policy allows no inline styles."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=3600)
def theme_css(request: HttpRequest) -> HttpResponse:
    """Set the two custom properties from which the stylesheet derives every tint and shade."""
    css = f":root{{--state-primary:{settings.STATE_COLOR_PRIMARY};--state-accent:{settings.STATE_COLOR_ACCENT}}}\n"
    return HttpResponse(css, content_type="text/css; charset=utf-8")


# Of text on its ground: WCAG 2.1, 1.4.3 (AA).
READABLE = 4.5


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of a colour, written #rrggbb, with white: 1 to 21 (WCAG 2.1, relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@checks.register(checks.Tags.compatibility)
def check_colours(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Buttons have white words on the state's colour, and links are written in it on white: both must be readable."""
    return [
        checks.Warning(
            f"{name} {colour} is too light: its contrast with white is {contrast_with_white(colour):.1f}.",
            hint=f"Choose a darker colour, with a contrast of {READABLE} or more.",
            id="brm_portal.W001",
        )
        for name in ("STATE_COLOR_PRIMARY", "STATE_COLOR_ACCENT")
        if contrast_with_white(colour := getattr(settings, name)) < READABLE
    ]
