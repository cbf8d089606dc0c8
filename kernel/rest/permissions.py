"""Who may call the API at all; which rows they then get is the access rule's business."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from kernel.access import WRITERS, acting_user
from kernel.accounts import scopes, second_factor
from kernel.accounts.models import ApiToken


class ScopePermission(BasePermission):
    """Opens a view by its `resource`: to tokens whose scopes name it, and to people who are logged in.

    A view that names no resource stays closed, and so does a session of a user who is no person.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        resource = getattr(view, "resource", None)
        actor = acting_user(request.user)
        if resource is None or actor is None:
            return False
        if not (request.method in scopes.SAFE_METHODS or actor.role in WRITERS):
            return False
        if isinstance(request.auth, ApiToken):
            return scopes.allows(request.auth.scopes, resource, str(request.method))
        return actor == request.user and not second_factor.is_missing(actor)


class LoggedInPermission(BasePermission):
    """Opens what says nothing about any row, such as the API's description, to everybody who is known."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return acting_user(request.user) is not None
