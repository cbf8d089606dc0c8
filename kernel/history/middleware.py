"""Who did it and by what: the context each history event of a request carries."""

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse

WRITING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class HistoryContextMiddleware:
    """Attach user, route name and key to what a request writes; never its path or query, they may hold secrets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in WRITING_METHODS:
            return self.get_response(request)
        with pghistory.context(user=request.user.pk):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> None:
        """Name the route once it is known."""
        match = request.resolver_match
        if request.method in WRITING_METHODS and match is not None:
            key = kwargs.get("pk") or kwargs.get("code")
            pghistory.context(route=match.view_name, key=str(key) if key is not None else None)
