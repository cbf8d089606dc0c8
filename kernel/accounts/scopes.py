"""What a token may touch: `<resource>:read` and `<resource>:write`. The one list; the API's routes are named by it."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RESOURCES: dict[str, str | Promise] = {
    "agencies": _("Agencies"),
    "contacts": _("Contacts"),
    "vendors": _("Vendors"),
    "likely-duplicates": _("Likely duplicates"),
    "merges": _("Merged vendors"),
    "contracts": _("Contracts"),
    "contract-imports": _("Imports of contracts"),
    "amendments": _("Amendments"),
    "milestones": _("Milestones"),
    "payments": _("Payments"),
    "spending": _("Spending"),
    "services": _("Services"),
    "subscriptions": _("Subscriptions"),
    "integrations": _("Integrations"),
    "service-levels": _("Service levels"),
    "service-level-templates": _("Templates of service levels"),
    "indicators": _("Indicators"),
    "series": _("Series"),
    "targets": _("Targets"),
    "measurements": _("Measurements"),
    "outcomes": _("Outcomes"),
    "outcome-measures": _("Measures of outcomes"),
    "methodologies": _("Methodologies"),
    "scorecards": _("Scorecards"),
    "saved-views": _("Saved views"),
    "jobs": _("Jobs"),
    "search": _("Search"),
}
READ, WRITE = "read", "write"
ACTIONS: dict[str, str | Promise] = {READ: _("read"), WRITE: _("write")}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def scope(resource: str, action: str) -> str:
    """The scope that names an action on a resource."""
    return f"{resource}:{action}"


SCOPES = tuple(scope(resource, action) for resource in RESOURCES for action in ACTIONS)


def needed_scope(resource: str, method: str) -> str:
    """The scope a request of an HTTP method on a resource needs; writing does not include reading."""
    return scope(resource, READ if method.upper() in SAFE_METHODS else WRITE)


def allows(scopes: Iterable[str], resource: str, method: str) -> bool:
    """Whether a token with `scopes` may send a request of an HTTP method to a resource."""
    return needed_scope(resource, method) in scopes
