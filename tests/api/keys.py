"""Keys of rows in the API."""

from operator import attrgetter
from typing import Any

from brm_portal.api import VIEWSETS
from kernel.rest.viewsets import ReadViewSet
from tests.resources import Side

VIEWSET = {viewset.resource: viewset for viewset in VIEWSETS}


def key_path(viewset: type[ReadViewSet]) -> str:
    """Where a row holds what names it."""
    return viewset.lookup_field.replace("__", ".")


def key_of(viewset: type[ReadViewSet], side: Side) -> Any:
    """What stands in the path of this side's row. A model of which no rows are known raises."""
    return attrgetter(key_path(viewset))(side[viewset.queryset.model])  # type: ignore[union-attr]


def key_field(viewset: type[ReadViewSet]) -> str:
    """The field of an answer that holds it."""
    return "id" if viewset.lookup_field == "pk" else viewset.lookup_field.rpartition("__")[2]
