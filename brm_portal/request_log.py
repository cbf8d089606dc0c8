"""One log line per request: method and route, never a path or query, for they may hold secrets and names."""

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """Binds a request id to every log line of a request and logs how it ended."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Name the request by its route, such as `GET vendors/<str:code>/`."""
        match = request.resolver_match
        if match is None:
            try:
                match = resolve(request.path_info)
            except Resolver404:
                return f"{request.method} unknown path"
        return f"{request.method} {match.route or '/'}"
