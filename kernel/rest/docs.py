"""The API's documentation: pages like all others, where every operation can be tried as the reader."""

import copy
import json
from dataclasses import dataclass
from http import HTTPStatus
from operator import attrgetter
from typing import Any
from urllib.parse import quote, unquote, urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from kernel.access import EVERYONE
from kernel.handed_in import handed_in
from kernel.pages import PlainPage
from kernel.rest.description import Operation, Parameter, operations
from kernel.rest.problems import page_not_found

SEND = "_send"  # Says that the form was sent; no parameter of the API begins with an underscore.


@dataclass(frozen=True)
class Answer:
    """What the API answered."""

    url: str
    status: int
    phrase: str
    headers: tuple[tuple[str, str], ...]
    body: str


class TryForm(forms.Form):
    """The parameters of an operation; whether they are right is for the API to say."""

    def __init__(self, operation: Operation, data: QueryDict | None) -> None:
        super().__init__(data)
        for parameter in operation.parameters:
            if parameter.place != "header":
                self.fields[parameter.name] = field_of(parameter)

    def path_of(self, operation: Operation) -> str:
        """The path and query that the filled-in form asks for."""
        path, query = operation.path, {}
        for parameter in operation.parameters:
            value = self.cleaned_data.get(parameter.name, "")
            if parameter.place == "path":
                path = path.replace(f"{{{parameter.name}}}", quote(value, safe=""))
            elif value:
                query[parameter.name] = value
        return f"{path}?{urlencode(query)}" if query else path


def field_of(parameter: Parameter) -> forms.Field:
    """A field to fill in one parameter."""
    texts: dict[str, Any] = {
        "label": parameter.name,
        "help_text": parameter.description,
        "required": parameter.is_required,
    }
    if parameter.choices:
        return forms.ChoiceField(choices=[("", _("Any")), *((each, each) for each in parameter.choices)], **texts)
    return forms.CharField(**texts)


def ask(request: HttpRequest, url: str) -> Answer:
    """Send a request for `url` to the API, as whoever sent `request`."""
    path, _mark, query = url.partition("?")
    path = unquote(path)  # as the server hands it on
    inner = copy.copy(request)
    inner.__dict__.pop("headers", None)  # Worked out from META when first read.
    inner.META = {**request.META, "QUERY_STRING": query, "HTTP_ACCEPT": "application/json"}
    inner.META.pop("HTTP_IF_NONE_MATCH", None)
    inner.GET = QueryDict(query)
    inner.path = inner.path_info = path
    response = answer_of(inner, path)
    return Answer(
        url=request.build_absolute_uri(url),
        status=response.status_code,
        phrase=HTTPStatus(response.status_code).phrase,
        headers=tuple((name, response[name]) for name in ("Content-Type", "ETag") if name in response),
        body=json.dumps(json.loads(response.content), indent=2, ensure_ascii=False),
    )


def answer_of(request: HttpRequest, path: str) -> HttpResponse:
    """What the view at `path` answers."""
    try:
        match = resolve(path)
    except Resolver404 as error:
        return page_not_found(request, error)
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response.render() if hasattr(response, "render") else response


class DocsIndex(PlainPage):
    """What the API offers, and how to call it."""

    open_to = EVERYONE
    template_name = "api/docs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = sorted(operations().values(), key=attrgetter("resource", "path"))
        return super().get_context_data(operations=found, events=handed_in("events").items(), **kwargs)


class DocsOperation(PlainPage):
    """One operation: what it takes, what it answers, and a form to try it."""

    open_to = EVERYONE
    template_name = "api/operation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        operation = operations().get(self.kwargs["code"])
        if operation is None:
            raise Http404
        sent = SEND in self.request.GET and operation.method == "GET"
        form = TryForm(operation, self.request.GET if sent else None)
        answer = ask(self.request, form.path_of(operation)) if sent and form.is_valid() else None
        return super().get_context_data(operation=operation, form=form, answer=answer, send=SEND, **kwargs)
