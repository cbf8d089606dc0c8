"""The API's description as people read it: each operation with its parameters, its answer and its errors."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator

from kernel.filters import MONTH_SCHEMA


@dataclass(frozen=True)
class Parameter:
    """What an operation takes in its path, its query or its headers."""

    name: str
    place: str
    is_required: bool
    kind: str
    description: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class AnswerField:
    """One field of an answer or of what is sent, by the path that leads to it."""

    path: str
    kind: str
    description: str


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    code: str
    method: str
    path: str
    resource: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    body: tuple[AnswerField, ...]
    answer: tuple[AnswerField, ...]
    example: str
    errors: tuple[tuple[str, str], ...]


def operations() -> dict[str, Operation]:
    """Every operation by its code, in the language of the request."""
    return _operations(get_language() or "")


@cache
def _operations(language: str) -> dict[str, Operation]:
    with override(language):
        schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
        reader = Reader(schema.get("components", {}).get("schemas", {}))
        found = [
            reader.operation(method.upper(), path, described)
            for path, methods in schema["paths"].items()
            for method, described in methods.items()
        ]
    return {operation.code: operation for operation in found}


def unwrapped(text: str) -> str:
    """Paragraphs as they are, each on a line of its own."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


class Reader:
    """Reads the parts of an OpenAPI description, following its references."""

    def __init__(self, components: dict[str, Any]) -> None:
        self.components = components

    def operation(self, method: str, path: str, described: dict[str, Any]) -> Operation:
        """One operation in words."""
        answers = described["responses"]
        good = next(status for status in answers if status.startswith("2"))
        content: dict[str, Any] = next(iter(answers[good].get("content", {}).values()), {})
        examples = [each["value"] for each in content.get("examples", {}).values()]
        return Operation(
            code=described["operationId"],
            method=method,
            path=path,
            resource=described["tags"][0],
            summary=described["summary"],
            description=unwrapped(described["description"]),
            parameters=tuple(self.parameter(each) for each in described.get("parameters", [])),
            body=tuple(self.fields(self.sent(described))),
            answer=tuple(self.fields(content.get("schema", {}))),
            example=json.dumps(examples[0], indent=2) if examples else "",
            errors=tuple((status, answers[status]["description"]) for status in answers if status != good),
        )

    def sent(self, described: dict[str, Any]) -> dict[str, Any]:
        """The schema of what is sent, if anything is."""
        content: dict[str, Any] = described.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema", {})

    def parameter(self, described: dict[str, Any]) -> Parameter:
        """One parameter in words."""
        schema = self.resolve(described["schema"])
        return Parameter(
            name=described["name"],
            place=described["in"],
            is_required=described.get("required", False),
            kind=self.kind(schema),
            description=described.get("description", "").split("\n\n* ")[0].split("* `")[0].strip(),
            choices=tuple(self.choices(schema)),
        )

    def choices(self, schema: dict[str, Any]) -> list[str]:
        """What may be chosen, if not everything."""
        if schema.get("type") == "boolean":
            return ["true", "false"]
        return [str(each) for each in schema.get("enum", []) if each not in ("", None)]

    def fields(self, schema: dict[str, Any], prefix: str = "") -> Iterator[AnswerField]:
        """The fields of an object, and after each those of the object or list in it."""
        for name, inner in self.resolve(schema).get("properties", {}).items():
            resolved = self.resolve(inner)
            path = f"{prefix}{name}"
            yield AnswerField(path, self.kind(resolved), str(inner.get("description", "")))
            if resolved.get("type") == "array":
                yield from self.fields(resolved["items"], f"{path}[].")
            else:
                yield from self.fields(resolved, f"{path}.")

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A schema without references; one that may also be null says so in its type."""
        if "$ref" in schema:
            return self.resolve(self.components[schema["$ref"].rpartition("/")[2]])
        for word in ("allOf", "oneOf", "anyOf"):
            if word in schema:
                return self.merged([self.resolve(part) for part in schema[word]])
        return schema

    def merged(self, parts: list[dict[str, Any]]) -> dict[str, Any]:
        """The first of several schemas, nullable where one of the others is null."""
        first = parts[0]
        if {"type": "null"} not in parts or isinstance(first.get("type"), list):
            return first
        return {**first, "nullable": True}

    def kind(self, schema: dict[str, Any]) -> str:
        """What a value is, in words."""
        kinds = schema.get("type", "")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        named = self.choices(schema) if "enum" in schema else []
        formatted = {
            "date": _("day"),
            "date-time": _("day and time"),
            "decimal": _("decimal text"),
            "uri": _("web address"),
        }
        typed = {
            "integer": _("whole number"),
            "number": _("number"),
            "boolean": _("true or false"),
            "array": _("list"),
            "object": _("object"),
        }
        is_month = schema.get("pattern") == MONTH_SCHEMA["pattern"]
        text = _("month") if is_month else formatted.get(schema.get("format", "")) or typed.get(kinds[0]) or _("text")
        words = _("one of %(choices)s") % {"choices": ", ".join(named)} if named else text
        return _("%(kind)s or null") % {"kind": words} if "null" in kinds or schema.get("nullable") else words
