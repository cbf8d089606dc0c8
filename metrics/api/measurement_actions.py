"""Measurements sent many at once, left out of all figures, and admitted again, over the API."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.access import acting_user, confirm_editable
from kernel.rest.lists import invalid
from kernel.rest.problems import InvalidParameters
from kernel.rest.writing import StrictSerializer
from kernel.uploads.reading import FileRefusedError
from metrics.imports.reading import COLUMNS
from metrics.imports.sent import merge_sent
from metrics.measurements.excluding import exclude_measurement, readmit_measurement
from metrics.models import Measurement

MOST_ROWS = 10_000
LARGEST_BODY = 10_000_000  # bytes
TRUTH = {"true": True, "false": False}

VERSION = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, description=_("Which version the row then is."), response=[200]
)


class SentMeasurementsField(serializers.ListField):
    """Rows of measurements; only their shape is looked at, for the engine judges what they say."""

    def run_child_validation(self, data: list[Any]) -> list[dict[str, Any]]:
        for index, row in enumerate(data):
            if not isinstance(row, dict):
                raise serializers.ValidationError({str(index): [_now("A measurement is an object.")]})
            for name, value in row.items():
                if name not in COLUMNS:
                    raise serializers.ValidationError({f"{index}.{name}": [_now("There is no such field here.")]})
                if isinstance(value, bool) or not (value is None or isinstance(value, str | int | float)):
                    raise serializers.ValidationError({f"{index}.{name}": [_now("Give a text or a number.")]})
        return data


class SentMeasurementSerializer(serializers.Serializer[Any]):
    """One measurement: a value, or a numerator and a denominator."""

    series = serializers.CharField(help_text=_("Code of the series."))
    observed_on = serializers.DateField()
    value = serializers.DecimalField(max_digits=30, decimal_places=9, required=False, allow_null=True)
    numerator = serializers.DecimalField(max_digits=30, decimal_places=9, required=False, allow_null=True)
    denominator = serializers.DecimalField(max_digits=30, decimal_places=9, required=False, allow_null=True)
    reference = serializers.CharField(required=False, allow_blank=True, max_length=120)
    comment = serializers.CharField(
        required=False, allow_blank=True, help_text=_("Left out of all rows, earlier comments stay.")
    )


class BulkSerializer(StrictSerializer):
    """Up to 10,000 measurements."""

    measurements = SentMeasurementsField(
        child=SentMeasurementSerializer(), allow_empty=False, min_length=1, max_length=MOST_ROWS
    )


class RefusedSerializer(serializers.Serializer[Any]):
    """A row that was not taken."""

    index = serializers.IntegerField(help_text=_("Its place among those sent, from 0."))
    code = serializers.CharField(help_text=_("Why, for programs."))
    reason = serializers.CharField(help_text=_("Why, in words."))


ANSWER = inline_serializer(
    "BulkAnswer",
    {
        "created": serializers.IntegerField(help_text=_("Measurements that were not there before.")),
        "replaced": serializers.IntegerField(help_text=_("Measurements with other figures or another comment.")),
        "unchanged": serializers.IntegerField(help_text=_("Measurements that were there already, as sent.")),
        "refused": RefusedSerializer(many=True),
    },
)


class BulkMeasurements:
    """Adds `bulk/` to the viewset of measurements."""

    @extend_schema(
        summary="Send many measurements",
        request=BulkSerializer,
        responses={200: ANSWER},
        parameters=[
            OpenApiParameter("partial", bool, description="true: take the good rows, whatever becomes of the others.")
        ],
    )
    @action(detail=False, methods=["post"], largest_body=LARGEST_BODY)
    def bulk(self, request: Request) -> Response:
        """Create or replace up to 10,000 measurements, all or none of them; ?partial=true takes the good ones.

        Sent twice, nothing changes. Where a row is refused and the good ones were not asked for, nothing is written
        and errors names each refused row by its place, as in measurements.7.
        """
        actor = acting_user(request.user)
        if actor is None or not Measurement.objects.all().creatable_by(actor):
            raise PermissionDenied
        is_partial = wants_partial(request)
        sent = BulkSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            report, refused = merge_sent(rows=sent.validated_data["measurements"], by=actor, is_partial=is_partial)
        except FileRefusedError as error:
            raise serializers.ValidationError({"measurements": [str(error)]}) from error
        if refused and not is_partial:
            raise serializers.ValidationError(
                {f"measurements.{row.index}": [ErrorDetail(row.reason, row.code)] for row in refused}
            )
        return Response(
            {
                "created": report.created,
                "replaced": report.replaced,
                "unchanged": report.unchanged,
                "refused": RefusedSerializer(refused, many=True).data,
            }
        )


def wants_partial(request: Request) -> bool:
    """What ?partial= says. Raises InvalidParameters."""
    unknown = [name for name in request.query_params if name != "partial"]
    text = request.query_params.get("partial", "false")
    if unknown or text not in TRUTH:
        name = unknown[0] if unknown else "partial"
        raise InvalidParameters([invalid(name, _("This cannot be followed."), _now("partial=true or partial=false"))])
    return TRUTH[text]


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
        operation(measurement=row, reason=body.validated_data["reason"], by=by)
        return self.answer(row, status.HTTP_200_OK)
