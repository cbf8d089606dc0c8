"""No page leads its reader to a page that is closed or not there: every link of every role is followed."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from agencies.models import Agency
from kernel.accounts.models import User
from tests.browser.conftest import entered
from tests.browser.scored import Scored

pytestmark = pytest.mark.slow

# An auditor sees what the office sees, without its forms.
ROLES = ["cio", "manager", "agency_member", "vendor_member", "msi_member", "outsider"]
LINK = re.compile(r'(?:href|hx-get)="([^"#]*)')
NO_PAGES = ("/static/", "/api/", "/admin/", "mailto:", "http:", "https:")
START = "/"


@pytest.mark.parametrize("role", ROLES)
def test_every_link_leads_somewhere(role: str, scored: Scored) -> None:
    # A bureau that runs its own services is a vendor and an agency.
    Agency.objects.create(organization=scored.world.acme.organization)
    assert list(dead_links(scored.cast.by_role()[role])) == []


def dead_links(user: User) -> Iterator[str]:
    """Go through the portal from its start; each address once, whatever the values of its query."""
    client = entered(Client(), user)
    todo, known = [(START, START)], {kind(START)}
    while todo:
        address, found_on = todo.pop(0)
        response = client.get(address, follow=True)
        if response.status_code >= 400:
            yield f"{address} on {found_on}: {response.status_code}"
        if response.status_code >= 400 or "html" not in response["Content-Type"]:
            continue
        for link in links(response.content.decode(), response.request["PATH_INFO"]):
            if kind(link) not in known:
                known.add(kind(link))
                todo.append((link, address))


def links(page: str, path: str) -> Iterator[str]:
    for found in LINK.findall(page):
        link = unescape(found)
        if link and not link.startswith(NO_PAGES):
            yield path + link if link.startswith("?") else link


def kind(link: str) -> tuple[str, frozenset[str]]:
    parts = urlsplit(link)
    return parts.path, frozenset(name for name, _ in parse_qsl(parts.query))
