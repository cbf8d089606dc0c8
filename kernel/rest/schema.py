"""How the API describes itself: OpenAPI 3.1 with the errors, headers and tokens that every operation has."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from kernel.rest.problems import MEDIA_TYPE, ProblemSerializer
from kernel.rest.repeats import KEY, LONGEST_KEY

LIST_ERRORS = {
    "400": _("A query parameter cannot be followed; errors names it and says what was expected."),
    "401": _("Nobody is logged in, or the token is unknown, expired or revoked."),
    "403": _("The token's scopes do not name this resource."),
    "404": _("There is no such page."),
}
ROW_ERRORS = {
    "401": LIST_ERRORS["401"],
    "403": LIST_ERRORS["403"],
    "404": _("There is no such row, or you may not see it; both answer alike."),
    "412": _("The row is no longer as the ETag in If-Match says."),
}
WRITE_ERRORS = {
    "400": _("The body is not right; errors names each field. Nothing was written."),
    "401": LIST_ERRORS["401"],
    "403": _("You may see this but not write it, or the token's scopes do not name it."),
    "404": ROW_ERRORS["404"],
    "412": _("Somebody changed the row since you read it."),
    "413": _("The body is too large."),
    "428": _("If-Match is missing: a change without it could overwrite another unseen."),
}
KEY_ERRORS = {"422": _("The Idempotency-Key came with another request before.")}
EXAMPLE = OpenApiExample(
    "A parameter that cannot be followed",
    {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "A query parameter cannot be followed.",
        "errors": [
            {
                "field": "page_size",
                "message": "This is not a number that can be used here.",
                "code": "invalid",
                "expected": "a whole number from 1 to 500",
            }
        ],
    },
    status_codes=["400"],
)
OTHER_ERRORS = {
    "429": _("Too many requests in this minute; Retry-After says how long to wait."),
    "default": _("Any other problem."),
}


def etag_header() -> dict[str, Any]:
    """The header that says which version an answer is."""
    return {"ETag": {"schema": {"type": "string"}, "description": str(_("Changes whenever the answer does."))}}


def if_match() -> dict[str, Any]:
    """The header that says which version a change is of."""
    return {
        "in": "header",
        "name": "If-Match",
        "required": True,
        "description": str(_("The ETag of the row as you read it; * overwrites knowingly.")),
        "schema": {"type": "string"},
    }


def idempotency_key() -> dict[str, Any]:
    """The header that lets a request be sent again."""
    words = _("Up to 255 characters of your own: the same request with the same key is carried out once.")
    return {
        "in": "header",
        "name": KEY,
        "description": str(words),
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[ -~]+$"},
    }


def extra_actions(view: Any) -> list[Any]:
    """The operations of a viewset beside list, row, create and change."""
    return view.get_extra_actions() if hasattr(view, "get_extra_actions") else []


class DescribedSchema(AutoSchema):
    """An operation with its problem details, its ETag, and the resource as its tag."""

    def get_tags(self) -> list[str]:
        return [getattr(self.view, "resource", "description")]

    def get_summary(self) -> str | None:
        noun = self.get_tags()[0].replace("-", " ")
        summaries = {
            "list": _("List %(noun)s"),
            "retrieve": _("Read one of the %(noun)s"),
            "create": _("Create one of the %(noun)s"),
            "partial_update": _("Change one of the %(noun)s"),
        }
        summary = summaries.get(getattr(self.view, "action", ""))
        return None if summary is None else summary % {"noun": noun}

    @property
    def is_row(self) -> bool:
        """Whether the operation reads a single row."""
        return getattr(self.view, "action", "") == "retrieve"

    @property
    def writes(self) -> bool:
        """Whether the operation creates or changes a row."""
        return getattr(self.view, "action", "") in {"create", "partial_update"}

    @property
    def is_extra(self) -> bool:
        """Whether the operation is one that only this resource has."""
        return getattr(self.view, "action", "") in {each.__name__ for each in extra_actions(self.view)}

    def get_request_serializer(self) -> Any:
        if not self.writes:
            return super().get_request_serializer()
        view: Any = self.view
        return view.write_serializer_class(partial=view.action == "partial_update")

    def _insert_field_validators(self, field: Any, schema: dict[str, Any]) -> None:
        super()._insert_field_validators(field, schema)
        # A text of a format or nothing: as "one of" both would be refused where formats are only remarks.
        if "oneOf" in schema and getattr(field, "allow_blank", False):
            schema["anyOf"] = schema.pop("oneOf")

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            # An id is a number here as it is in answers: typed clients send what they read.
            if parameter["schema"].get("pattern") == "^[0-9]+$":
                parameter["schema"] = {"type": "integer", "minimum": 0}
        return parameters

    def _get_parameters(self) -> list[dict[str, Any]]:
        parameters = super()._get_parameters()
        if self.method == "POST":
            return [*parameters, idempotency_key()]
        if getattr(self.view, "action", "") == "partial_update":
            return [*parameters, if_match()]
        if not self.is_row:
            return parameters
        condition = {
            "in": "header",
            "name": "If-None-Match",
            "description": str(_("The ETag of an earlier answer: 304 without a body where nothing changed since.")),
            "schema": {"type": "string"},
        }
        return [*parameters, condition]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction=direction)
        errors = {**WRITE_ERRORS, **KEY_ERRORS} if self.method == "POST" else WRITE_ERRORS
        if self.writes:
            return {**self.written(bodies), **self.problems(errors)}
        if self.is_extra:
            return {**bodies, **self.problems({s: w for s, w in errors.items() if s not in {"412", "428"}})}
        bodies["200"]["description"] = str(_("What you may see."))
        if self.is_row:
            bodies["200"]["headers"] = etag_header()
            unchanged = str(_("Nothing changed since the ETag in If-None-Match."))
            bodies["304"] = {"description": unchanged, "headers": etag_header()}
        return {**bodies, **self.problems(ROW_ERRORS if self.is_row else LIST_ERRORS)}

    def written(self, bodies: dict[str, Any]) -> dict[str, Any]:
        """The answer to a write."""
        described = next(body for status, body in bodies.items() if status.startswith("2"))
        where = {"Location": {"schema": {"type": "string"}, "description": str(_("Where the row is."))}}
        status = "201" if getattr(self.view, "action", "") == "create" else "200"
        words = str(_("The row as you then see it."))
        return {status: {**described, "description": words, "headers": {**etag_header(), **where}}}

    def problems(self, errors: dict[str, Any]) -> dict[str, Any]:
        """The errors of an operation, as problem details."""
        return {
            status: self._get_response_for_code(
                OpenApiResponse(ProblemSerializer, description=str(words), examples=[EXAMPLE]), status, [MEDIA_TYPE]
            )
            for status, words in {**errors, **OTHER_ERRORS}.items()
        }


class TokenScheme(OpenApiAuthenticationExtension):
    """Personal tokens."""

    target_class = "kernel.accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from your profile page. Its scopes say which resources it opens, for example "
            "`jobs:read`.",
        }
