"""Leaving measurements out of all figures, and admitting them again, over the API."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.access import acting_user, confirm_editable
from kernel.rest.writing import StrictSerializer
from metrics.operations import exclude_measurement, readmit_measurement

VERSION = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, description=_("Which version the row then is."), response=[200]
)


class ReasonSerializer(StrictSerializer):
    """Why a measurement is excluded, or admitted again."""

    reason = serializers.CharField(max_length=500, help_text=_("Everyone who sees the measurement may read it later."))


class ExcludeMeasurements:
    """Adds `exclude/` and `readmit/` to the viewset of measurements; both refuse by the state of the row."""

    get_object: Any
    answer: Any

    @extend_schema(summary="Exclude a measurement", request=ReasonSerializer, parameters=[VERSION])
    @action(detail=True, methods=["post"])
    def exclude(self, request: Request, pk: str) -> Response:
        """Leave a measurement out of all figures until it is admitted again; its value stays to be seen."""
        return self.decide(request, exclude_measurement)

    @extend_schema(summary="Admit a measurement again", request=ReasonSerializer, parameters=[VERSION])
    @action(detail=True, methods=["post"])
    def readmit(self, request: Request, pk: str) -> Response:
        """Let an excluded measurement take part in all figures again; the history keeps why."""
        return self.decide(request, readmit_measurement)

    def decide(self, request: Request, operation: Callable[..., None]) -> Response:
        """Do what was asked for, for a reason, and answer the row as it then is."""
        row, by = self.get_object(), acting_user(request.user)
        if by is None:
            raise PermissionDenied
        confirm_editable(row, by)
        body = ReasonSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            operation(measurement=row, reason=body.validated_data["reason"], by=by)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error
        return self.answer(row, status.HTTP_200_OK)
