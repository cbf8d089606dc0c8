"""Computing and publishing of scorecards, asked for over the API."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.access import EDITORS, OFFICE, acting_in
from kernel.jobs.api import JobSerializer
from kernel.rest.serializers import MonthSerializerField
from kernel.rest.writing import KeyField, StrictSerializer
from metrics.models import Methodology
from vendors.models import Scorecard, Vendor
from vendors.scorecards.publishing import publish_scorecards
from vendors.scorecards.requesting import request_scorecards

MOST_ROWS = 10_000
LARGEST_KEY = 2**63 - 1


class ComputeSerializer(StrictSerializer):
    """For which period, by which methodology and for which vendors."""

    period_start = MonthSerializerField()
    months = serializers.IntegerField(min_value=1, max_value=120)
    vendors = serializers.ListField(
        child=serializers.CharField(max_length=100),
        required=False,
        allow_empty=False,
        max_length=MOST_ROWS,
        help_text=_("Codes of vendors; left out: all that are yours to compute."),
    )
    methodology = KeyField(
        slug_field="code",
        queryset=Methodology.objects.all(),
        required=False,
        help_text=_("Code of the methodology; left out: the state's default."),
    )

    def validate_vendors(self, codes: Sequence[str]) -> Any:
        """The vendors of these codes, of those that the user may see."""
        rows = Vendor.objects.visible_to(self.context["request"].user).filter(organization__code__in=codes)
        known = set(rows.order_by().values_list("organization__code", flat=True))
        unknown = [code for code in codes if code not in known]
        if unknown:
            message = _now("There is no such vendor that you may see: %(codes)s.")
            raise serializers.ValidationError(message % {"codes": ", ".join(unknown[:10])})
        return rows

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Without a methodology it is the state's default."""
        if "methodology" in attrs:
            return attrs
        default = Methodology.objects.filter(is_default=True).first()
        if default is None:
            raise serializers.ValidationError({"methodology": _now("There is no default methodology: name one.")})
        return {**attrs, "methodology": default}


class PublishSerializer(StrictSerializer):
    """Which scorecards to publish."""

    scorecards = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_KEY),
        allow_empty=False,
        max_length=MOST_ROWS,
        help_text=_("Ids of scorecards."),
    )

    def validate_scorecards(self, keys: Sequence[int]) -> Any:
        """The scorecards with these ids, of those that the user may see."""
        rows = Scorecard.objects.visible_to(self.context["request"].user).filter(pk__in=keys)
        unknown = sorted(set(keys) - set(rows.order_by().values_list("pk", flat=True)))
        if unknown:
            message = _now("There is no such scorecard that you may see: %(ids)s.")
            raise serializers.ValidationError(message % {"ids": ", ".join(map(str, unknown[:10]))})
        return rows


PUBLISHED = inline_serializer(
    "Published",
    {"published": serializers.IntegerField(help_text=_("How many are published now that were not before."))},
)


class AskForScorecards:
    """Adds `compute/` and `publish/` to the viewset of scorecards."""

    get_serializer_context: Any

    @extend_schema(summary="Compute scorecards", request=ComputeSerializer, responses={202: JobSerializer})
    @action(detail=False, methods=["post"])
    def compute(self, request: Request) -> Response:
        """Have scorecards computed as drafts; 202 with the job, and where to follow it in Location.

        The CIO's office asks for any vendor, a BRM manager for those assigned. A request like one under way joins it.
        """
        by = acting_in(request.user, EDITORS)
        body = ComputeSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        chosen = {"vendors": Vendor.objects.editable_by(by), **body.validated_data}
        job = request_scorecards(**chosen, by=by)
        location = request.build_absolute_uri(reverse("api:jobs-detail", args=[job.pk]))
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED, headers={"Location": location})

    @extend_schema(summary="Publish scorecards", request=PublishSerializer, responses={200: PUBLISHED})
    @action(detail=False, methods=["post"])
    def publish(self, request: Request) -> Response:
        """Publish drafts and those in review; earlier revisions are superseded. For the CIO's office."""
        by = acting_in(request.user, OFFICE)
        body = PublishSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return Response({"published": publish_scorecards(scorecards=body.validated_data["scorecards"], by=by)})
