"""Navigation: what stands in it, by role, and what pages show beside what they are about."""

from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brm_portal.dashboards.home import FACTS
from kernel.access import EVERYONE, OFFICE, OVERSEERS, PARTIES, STAFF, STAFF_AND_AGENCIES, Roles

HOME = "/"


@dataclass(frozen=True)
class Link:
    """One place to go: its words, its URL's name and who is shown it."""

    label: Promise
    url_name: str
    roles: Roles
    icon: str = ""


@dataclass(frozen=True)
class Group:
    """Places that belong together, behind one word; with a single place left, that place itself."""

    label: Promise
    links: tuple[Link, ...]


@dataclass
class Item:
    """What the template shows: a link, or a group with its links in `children`."""

    label: Promise
    url: str = ""
    current: bool = False
    icon: str = ""
    children: list["Item"] = field(default_factory=list)


NAVIGATION: tuple[Link | Group, ...] = (
    Link(_("Home"), "home", frozenset(FACTS)),
    Link(_("Overview"), "dashboards:overview", STAFF),
    Group(
        _("Vendors"),
        (
            Link(_("Vendors"), "vendors:vendor_list", EVERYONE),
            Link(_("Scorecards"), "vendors:scorecard_list", PARTIES),
            Link(_("Contracts"), "vendors:contract_list", PARTIES),
            Link(_("Service levels"), "vendors:service_level_list", EVERYONE),
            Link(_("Calendar"), "vendors:contract_calendar", PARTIES),
            Link(_("Segments"), "vendors:segments", STAFF),
            Link(_("Likely duplicates"), "vendors:duplicate_list", STAFF),
            Link(_("Spending"), "vendors:spending", STAFF_AND_AGENCIES),
        ),
    ),
    Link(_("Services"), "vendors:service_list", EVERYONE),
    Link(_("Agencies"), "agencies:agency_list", STAFF_AND_AGENCIES),
    Link(_("Outcomes"), "metrics:outcome_list", STAFF_AND_AGENCIES),
    Group(
        _("Measuring"),
        (
            Link(_("Indicators"), "metrics:indicator_list", STAFF),
            Link(_("Templates"), "vendors:template_list", STAFF),
            Link(_("Methodologies"), "metrics:methodology_list", STAFF),
            Link(_("Rules"), "vendors:state_rules", OFFICE),
            Link(_("Jobs"), "jobs:job_list", STAFF),
        ),
    ),
    Group(
        _("People and systems"),
        (
            Link(_("People"), "accounts:user_list", STAFF),
            Link(_("Webhooks"), "webhooks:webhook_list", OVERSEERS),
        ),
    ),
)

ACCOUNT: tuple[Link, ...] = (
    Link(_("Profile"), "accounts:profile", EVERYONE),
    Link(_("Saved views"), "saved_views:view_list", EVERYONE),
    Link(_("Second factor"), "mfa_index", EVERYONE),
    Link(_("Change password"), "account_change_password", EVERYONE),
)
# What the building adds to the actions of a room's page, which knows nothing of where it leads.
BESIDE: dict[str, tuple[Link, ...]] = {
    "vendors:contract_calendar": (
        Link(_("Show it in your calendar"), "dashboards:calendar_address", PARTIES, "calendar_today"),
    ),
}
FOOTER: tuple[Link, ...] = (Link(_("API documentation"), "api:docs", EVERYONE),)


def navigation_for(request: HttpRequest) -> list[Item]:
    """The navigation of whoever is logged in, the present place marked."""
    if not request.user.is_authenticated:
        return []
    items = [_entry(entry, request.user.role, request.path) for entry in NAVIGATION]
    return [item for item in items if item is not None]


def account_links_for(request: HttpRequest) -> list[Item]:
    """What a person keeps up about the own account."""
    return _links(ACCOUNT, request)


def footer_links_for(request: HttpRequest) -> list[Item]:
    """Places for those who look for them."""
    return _links(FOOTER, request)


def links_beside_for(request: HttpRequest) -> list[Item]:
    """Where a page leads beside its own actions."""
    place = request.resolver_match
    return _links(BESIDE.get(place.view_name, ()), request) if place is not None else []


def _links(links: tuple[Link, ...], request: HttpRequest) -> list[Item]:
    if not request.user.is_authenticated:
        return []
    items = [_link(link, request.user.role, request.path) for link in links]
    return [item for item in items if item is not None]


def _entry(entry: Link | Group, role: str, path: str) -> Item | None:
    if isinstance(entry, Link):
        return _link(entry, role, path)
    children = [item for item in (_link(link, role, path) for link in entry.links) if item is not None]
    if len(children) < 2:
        return children[0] if children else None
    return Item(entry.label, current=any(child.current for child in children), children=children)


def _link(link: Link, role: str, path: str) -> Item | None:
    if role in link.roles:
        url = reverse(link.url_name)
        return Item(link.label, url, current=path == url or (url != HOME and path.startswith(url)), icon=link.icon)
    return None
