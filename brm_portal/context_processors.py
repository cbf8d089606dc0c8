"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest


def state(request: HttpRequest) -> dict[str, object]:
    """Name, seal, time zone and currency of the state this deployment serves, and the portal's version."""
    return {
        "state": {
            "name": settings.STATE_NAME,
            "seal_url": settings.STATE_SEAL_URL,
            "time_zone": settings.TIME_ZONE,
            "currency": settings.CURRENCY,
            "is_demo": settings.DEMO,
            "version": settings.VERSION,
        }
    }
