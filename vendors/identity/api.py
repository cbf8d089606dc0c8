"""Vendors that are likely one, and what was merged, over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.access import OFFICE, acting_in
from kernel.directory.api import OrganizationReferenceSerializer
from kernel.directory.likeness import Reason
from kernel.directory.models import MergedRows, OrganizationMerge
from kernel.rest.serializers import RowSerializer
from kernel.rest.viewsets import ReadViewSet
from kernel.rest.writing import KeyField, StrictSerializer, TakesBodies
from vendors.identity.deciding import keep_apart, merge_pair, undo
from vendors.identity.filters import LikelyDuplicateFilterSet, MergeFilterSet
from vendors.models import LikelyDuplicate, Vendor


class LikelyDuplicateSerializer(RowSerializer):
    """Two vendors that may be one: how certain it is, and what speaks for it and against it."""

    one = OrganizationReferenceSerializer(source="one.organization", read_only=True)
    other = OrganizationReferenceSerializer(source="other.organization", read_only=True)
    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=Reason.choices),
        read_only=True,
        help_text=_("Those that begin with other_ speak against it."),
    )
    decided_by = serializers.CharField(
        source="decided_by.name",
        read_only=True,
        allow_null=True,
        default=None,
        help_text=_("None once it is decided: by the state's rule."),
    )
    merge = serializers.PrimaryKeyRelatedField[OrganizationMerge](
        read_only=True, allow_null=True, help_text=_("Id of the merge that made them one.")
    )

    class Meta:
        model = LikelyDuplicate
        fields = ["id", "one", "other", "certainty", "reasons", "decision", "decided_at", "decided_by", "merge"]
        read_only_fields = fields


class MergedRowsSerializer(RowSerializer):
    """How many rows of one kind went along, by which of their fields."""

    rows = serializers.SerializerMethodField()

    class Meta:
        model = MergedRows
        fields = ["model", "field", "rows"]
        read_only_fields = fields

    def get_rows(self, moved: MergedRows) -> int:
        """How many."""
        return len(moved.keys)


class MergeSerializer(RowSerializer):
    """One vendor that was merged into another."""

    absorbed = OrganizationReferenceSerializer(read_only=True)
    kept = OrganizationReferenceSerializer(read_only=True)
    merged_by = serializers.CharField(
        source="merged_by.name",
        read_only=True,
        allow_null=True,
        default=None,
        help_text=_("None: by the state's rule."),
    )
    undone_by = serializers.CharField(source="undone_by.name", read_only=True, allow_null=True, default=None)
    moved = MergedRowsSerializer(many=True, read_only=True)

    class Meta:
        model = OrganizationMerge
        fields = ["id", "absorbed", "kept", "reason", "merged_at", "merged_by", "moved", "undone_at", "undone_by"]
        read_only_fields = fields


class DecideSerializer(StrictSerializer):
    """Which of the two to keep, and why."""

    keep = KeyField(
        slug_field="organization__code", queryset=Vendor.objects.all(), help_text=_("Code of one of the two.")
    )
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class NothingSerializer(StrictSerializer):
    """Nothing more to say."""


class LikelyDuplicateViewSet(TakesBodies, ReadViewSet):
    """Pairs of vendors that may be one, by their id, the likeliest first. For those who see everything."""

    resource = "likely-duplicates"
    queryset = LikelyDuplicate.objects.select_related("one__organization", "other__organization", "decided_by", "merge")
    serializer_class = LikelyDuplicateSerializer
    filterset_class = LikelyDuplicateFilterSet
    ordering_fields = {"certainty": "certainty"}

    @extend_schema(summary="Merge two vendors", request=DecideSerializer, responses={200: MergeSerializer})
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Make one vendor of the two, with everything that hangs on them. For the CIO's office; it can be undone."""
        pair, by = self.get_object(), acting_in(request.user, OFFICE)
        body = DecideSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        merge = refused_in_words(merge_pair, pair=pair, by=by, **body.validated_data)
        return Response(MergeSerializer(merge).data)

    @extend_schema(
        summary="Keep two vendors apart", request=NothingSerializer, responses={200: LikelyDuplicateSerializer}
    )
    @action(detail=True, methods=["post"], url_path="keep-apart")
    def keep_apart(self, request: Request, pk: str) -> Response:
        """Say that they are two; they are not suggested again. For the CIO's office."""
        pair, by = self.get_object(), acting_in(request.user, OFFICE)
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        return Response(LikelyDuplicateSerializer(refused_in_words(keep_apart, pair=pair, by=by)).data)


class MergeViewSet(TakesBodies, ReadViewSet):
    """What was merged, by its id, the latest first. For those who see everything."""

    resource = "merges"
    queryset = OrganizationMerge.objects.select_related("absorbed", "kept", "merged_by", "undone_by").prefetch_related(
        "moved"
    )
    serializer_class = MergeSerializer
    filterset_class = MergeFilterSet
    ordering_fields = {"merged_at": "merged_at"}

    @extend_schema(summary="Undo a merge", request=NothingSerializer, responses={200: MergeSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Make two vendors of one again: what went along goes back, what came since stays. For the CIO's office."""
        row, by = self.get_object(), acting_in(request.user, OFFICE)
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        refused_in_words(undo, merge=row, by=by)
        return Response(MergeSerializer(self.get_object()).data)


def refused_in_words(operation: Any, **arguments: Any) -> Any:
    """Do it; where it is refused, say so as the API says it."""
    try:
        return operation(**arguments)
    except ValidationError as error:
        raise serializers.ValidationError(getattr(error, "message_dict", error.messages)) from error
