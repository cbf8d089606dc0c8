"""Errors as problem details (RFC 9457), whatever went wrong and wherever under /api/."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, TypedDict

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
from rest_framework.serializers import CharField, IntegerField, ListField, Serializer

API_ROOT = "/api/"
OF_THE_WHOLE = (NON_FIELD_ERRORS, "non_field_errors")
MEDIA_TYPE = "application/problem+json"
WORDS = {
    400: _("The request cannot be read as it is."),
    403: _("You may not do this."),
    404: _("There is nothing here that you may see."),
    429: _("Too many requests in this minute. Wait as long as Retry-After says."),
    500: _("Something went wrong on our side; it has been logged."),
}


class FieldError(TypedDict, total=False):
    """What is wrong with one field or parameter, and what was expected instead."""

    field: str
    message: str
    code: str
    expected: str


class FieldErrorSerializer(Serializer[Any]):
    """What is wrong with one field or parameter of a request."""

    field = CharField(help_text=_("Name of the field or query parameter; empty where it concerns the whole."))
    message = CharField(help_text=_("What is wrong, in plain words."))
    code = CharField(help_text=_("What is wrong, for programs."))
    expected = CharField(required=False, help_text=_("What would have been right."))


class ProblemSerializer(Serializer[Any]):
    """What went wrong, as problem details by RFC 9457."""

    type = CharField(help_text=_("Always about:blank: the status says what kind of problem it is."))
    title = CharField(help_text=_("The status in words."))
    status = IntegerField(help_text=_("The HTTP status code."))
    detail = CharField(help_text=_("What went wrong, in plain words."))
    errors = ListField(  # type: ignore[assignment]  # the serializer's metaclass takes it away from the class
        child=FieldErrorSerializer(), required=False, help_text=_("Each field that is wrong.")
    )


class InvalidParameters(exceptions.APIException):
    """Query parameters that cannot be followed; none is ever ignored."""

    status_code = HTTPStatus.BAD_REQUEST
    default_detail = _("A query parameter cannot be followed.")

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__()
        self.errors = errors


class LostUpdate(exceptions.APIException):
    """Somebody else changed the row since it was read."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = _("Somebody changed this since you read it. Read it again and repeat your change.")


def problem(status: int, detail: object = None, errors: list[FieldError] | None = None) -> dict[str, Any]:
    """The body of an error."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": str(detail or WORDS.get(status, HTTPStatus(status).description)),
    }
    return {**body, "errors": errors} if errors else body


def problem_details(exception: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler; what nobody foresaw goes on to `server_error` and the log."""
    if isinstance(exception, Http404):
        exception = exceptions.NotFound(WORDS[404])
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied(WORDS[403])
    elif isinstance(exception, ValidationError):
        exception = exceptions.ValidationError(get_error_detail(exception))  # an operation's refusal
    if not isinstance(exception, exceptions.APIException):
        return None
    headers = {}
    if getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = exception.auth_header  # type: ignore[attr-defined]  # set by APIView
    if getattr(exception, "wait", None):
        headers["Retry-After"] = f"{exception.wait:.0f}"  # type: ignore[attr-defined]  # of Throttled
    body = problem(exception.status_code, detail_of(exception), errors_of(exception))
    return Response(body, status=exception.status_code, headers=headers, content_type=MEDIA_TYPE)


def detail_of(exception: exceptions.APIException) -> object:
    """One sentence about the whole."""
    if isinstance(exception, exceptions.Throttled):
        return WORDS[429]
    if isinstance(exception.detail, str):
        return exception.detail
    return _("Some fields are not right; see errors.")


def errors_of(exception: exceptions.APIException) -> list[FieldError]:
    """Each field that is wrong."""
    if isinstance(exception, InvalidParameters):
        return exception.errors
    if isinstance(exception.detail, str):
        return []
    return list(flat(exception.detail))


def flat(detail: Any, path: tuple[str, ...] = ()) -> Iterator[FieldError]:
    """The leaves of nested validation errors, each with the path that leads to it."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from flat(inner, path if name in OF_THE_WHOLE else (*path, str(name)))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from flat(inner, (*path, str(index)) if nested else path)
    else:
        code = getattr(detail, "code", "invalid")
        yield {"field": writable(".".join(path)), "message": writable(str(detail)), "code": code}


def writable(text: str) -> str:
    """A text that may repeat what was sent: half a character can be escaped in JSON, but not written in UTF-8."""
    return text.encode(errors="replace").decode()


def under_api(status: int, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An error view that answers programs with problem details and people with `page`."""

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.path.startswith(API_ROOT):
            return JsonResponse(problem(status), status=status, content_type=MEDIA_TYPE)
        return page(request, *args, **kwargs)

    return view


bad_request = under_api(400, defaults.bad_request)
permission_denied = under_api(403, defaults.permission_denied)
page_not_found = under_api(404, defaults.page_not_found)
server_error = under_api(500, defaults.server_error)
