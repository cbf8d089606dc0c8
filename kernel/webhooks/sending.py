"""One attempt to hand a message over: signed, to an address that was checked, following nothing."""

import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from standardwebhooks import Webhook
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from kernel.webhooks.addresses import AddressRefused, Place, find_place

TIMEOUT = Timeout(connect=5, read=10)  # seconds
ANSWER_KEPT = 1000  # bytes


@dataclass(frozen=True)
class Answer:
    """What came of an attempt: the status of an answer and how it began, or what went wrong."""

    started_at: datetime
    milliseconds: int
    status: int | None = None
    error: str = ""
    text: str = ""


def send(*, url: str, message_id: str, body: str, secrets: list[str]) -> Answer:
    """Send a message once, and say what came of it; nothing is raised."""
    started_at, clock = datetime.now(UTC), time.monotonic()
    status, error, text = None, "", ""
    try:
        status, text = _post(find_place(url), body, _headers(message_id, started_at, body, secrets))
        error = _("It answered with another address; messages do not follow.") if 300 <= status < 400 else ""
    except AddressRefused as refusal:
        error = str(refusal)
    except socket.gaierror:
        error = _("There is no such host.")
    except (HTTPError, OSError, UnicodeError) as failure:
        error = _("No answer: %(error)s") % {"error": failure}
    return Answer(started_at, int((time.monotonic() - clock) * 1000), status, error[:500], text)


def _headers(message_id: str, at: datetime, body: str, secrets: list[str]) -> dict[str, str]:
    """The headers of the Standard Webhooks convention, with one signature per secret."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "brm-portal-webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(message_id, at, body) for secret in secrets),
    }


def _post(place: Place, body: str, headers: dict[str, str]) -> tuple[int, str]:
    with _connections(place) as pool:
        response = pool.request(
            "POST",
            place.path,
            body=body.encode(),
            headers={**headers, "Host": place.host_header},
            redirect=False,
            retries=False,
            preload_content=False,
        )
        try:
            # What has come by now is enough: whoever answers drop by drop is not waited for.
            text = response.read1(ANSWER_KEPT).decode(errors="replace").replace("\0", "")
        finally:
            response.close()
    return response.status, text[:ANSWER_KEPT]


def _connections(place: Place) -> HTTPConnectionPool:
    """Connections to the checked address itself, so that a second look-up cannot lead elsewhere."""
    if place.scheme == "http":
        return HTTPConnectionPool(place.address, place.port, timeout=TIMEOUT)
    return HTTPSConnectionPool(
        place.address, place.port, timeout=TIMEOUT, server_hostname=place.host, assert_hostname=place.host
    )
