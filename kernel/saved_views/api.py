"""Saved views over the API."""

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kernel.rest.serializers import RowSerializer
from kernel.rest.viewsets import ReadViewSet
from kernel.saved_views.filters import SavedViewFilterSet
from kernel.saved_views.models import SavedView


class SavedViewSerializer(RowSerializer):
    """A list with its filters and order."""

    after = {"name": ("page", "query", "url", "owner")}
    is_read_only = True
    owner = serializers.CharField(source="owner.name", read_only=True)
    url = serializers.CharField(
        source="get_absolute_url", read_only=True, help_text=_("The page of the list as it was left.")
    )

    class Meta:
        model = SavedView


class SavedViewViewSet(ReadViewSet):
    """Saved views, by their id: one's own, and what colleagues share."""

    resource = "saved-views"
    queryset = SavedView.objects.select_related("owner")
    serializer_class = SavedViewSerializer
    filterset_class = SavedViewFilterSet
    ordering_fields = {"name": Lower("name"), "page": "page"}
