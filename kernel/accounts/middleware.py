"""Nothing opens to those who must have a second factor, until they have set it up."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kernel.accounts import second_factor

# What it takes to set a second factor up, to leave, and to look right meanwhile.
OPEN_MEANWHILE = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "healthz",
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "readyz",
        "theme",
    }
)


class SecondFactorMiddleware:
    """Send users who lack a required second factor to its set-up page; the API refuses them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[object, ...], kwargs: object
    ) -> HttpResponse | None:
        """Answer in place of the view where the second factor is missing."""
        match = request.resolver_match
        if match is not None and match.view_name in OPEN_MEANWHILE:
            return None
        user = request.user
        if not user.is_authenticated or not second_factor.is_missing(user):
            return None
        if request.path_info.startswith("/api/"):
            return problem()
        return redirect("mfa_activate_totp")


def problem() -> HttpResponse:
    """The API's refusal, as problem details."""
    body = {
        "type": "about:blank",
        "title": _("Second factor required"),
        "status": 403,
        "detail": _("Your role requires a second factor. Set it up on the portal first."),
    }
    return JsonResponse(body, status=403, content_type="application/problem+json")
