"""How many requests one token, or one person's session, may send the API in a minute."""

import time
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from kernel.accounts.models import ApiToken

WINDOW = 60  # seconds
POLICY = "per-minute"

logger = structlog.get_logger(__name__)


class RateThrottle(BaseThrottle):
    """Counts requests by the minute of the clock; where Redis is away nobody is held up."""

    def allow_request(self, request: Request, view: Any) -> bool:
        self.until_next = WINDOW - time.time() % WINDOW
        limit: int = settings.API_REQUESTS_PER_MINUTE
        sent = count_request(request)
        # For the headers of the answer, which the view adds whatever becomes of the request.
        view.rate_headers = rate_headers(limit, max(0, limit - sent), self.until_next)
        return sent <= limit

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return self.until_next


def count_request(request: Request) -> int:
    """How many requests came from the same side in this minute, with this one; 0 where nobody counts."""
    side = f"token-{request.auth.pk}" if isinstance(request.auth, ApiToken) else f"user-{request.user.pk}"
    key = f"api-rate:{side}:{int(time.time() // WINDOW)}"
    try:
        cache.add(key, 0, timeout=2 * WINDOW)
        return cache.incr(key)
    except (RedisError, ValueError) as error:
        logger.warning("requests_not_counted", error=type(error).__name__)
        return 0


def rate_headers(limit: int, remaining: int, until_next: float) -> dict[str, str]:
    """The limit and what is left of it, by the IETF's draft “RateLimit header fields for HTTP”."""
    return {
        "RateLimit-Policy": f'"{POLICY}";q={limit};w={WINDOW}',
        "RateLimit": f'"{POLICY}";r={remaining};t={int(until_next) + 1}',
    }
