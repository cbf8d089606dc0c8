"""Subject over the API: `{"kind": "contract", "code": "C-1"}`, read and written alike."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from kernel.subjects.declaring import Kind, Subject

PARTS = ("kind", "code")


class SubjectField(serializers.Field[Any, Any, Any, Any]):
    """One thing of several kinds; what the user may not see answers like what does not exist."""

    default_error_messages = {
        "shape": gettext_lazy('Expected an object such as {{"kind": "{kind}", "code": "…"}}, with nothing else in it.'),
    }

    def __init__(self, model: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.subject: Subject = model.subject

    def to_representation(self, value: models.Model) -> dict[str, str]:
        kind = self.subject.kind_of(value)
        return {"kind": kind.name, "code": kind.key_of(value)}

    def to_internal_value(self, data: Any) -> models.Model:
        if not isinstance(data, dict) or set(data) != set(PARTS):
            self.fail("shape", kind=self.subject.kinds[0].name)
        kind = self.subject.kind_named(data["kind"])
        if kind is None:
            names = ", ".join(self.subject.fields)
            raise serializers.ValidationError({"kind": [_("Expected one of: %(choices)s.") % {"choices": names}]})
        return self.found(kind, data["code"])

    def found(self, kind: Kind, code: object) -> models.Model:
        """The thing of that code. Raises ValidationError."""
        thing = kind.find(code, self.context["request"].user) if isinstance(code, str) else None
        if thing is None:
            words = _("Expected the code of something of this kind that exists and that you may see.")
            raise serializers.ValidationError({"code": [words]})
        return thing


class SubjectFieldDescription(OpenApiSerializerFieldExtension):
    """A subject as the API's description shows it, with the kinds that there are."""

    target_class = SubjectField

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        kind = {"type": "string", "enum": list(self.target.subject.fields), "description": _("What it is.")}
        code = {"type": "string", "description": _("What it is known by: its code, number or id.")}
        return {
            "type": "object",
            "properties": {"kind": kind, "code": code},
            "required": list(PARTS),
            "additionalProperties": False,
        }
