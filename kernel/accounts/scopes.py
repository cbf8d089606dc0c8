"""Scopes of tokens, `<resource>:read` and `<resource>:write`: rooms hand in the resources, routes are named by them."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.handed_in import handed_in

READ, WRITE = "read", "write"
ACTIONS: dict[str, str | Promise] = {READ: _("read"), WRITE: _("write")}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def scope(resource: str, action: str) -> str:
    """The scope that names an action on a resource."""
    return f"{resource}:{action}"


def resources() -> dict[str, Promise]:
    """What the API has, in words and by their alphabet."""
    return dict(sorted(handed_in("resources").items(), key=lambda resource: str(resource[1])))


def all_scopes() -> list[str]:
    """Every scope there is."""
    return [scope(resource, action) for resource in resources() for action in ACTIONS]


def needed_scope(resource: str, method: str) -> str:
    """The scope a request of an HTTP method on a resource needs; writing does not include reading."""
    return scope(resource, READ if method.upper() in SAFE_METHODS else WRITE)


def allows(scopes: Iterable[str], resource: str, method: str) -> bool:
    """Whether a token with `scopes` may send a request of an HTTP method to a resource."""
    return needed_scope(resource, method) in scopes
