"""The viewsets every resource derives from: rows by the access rule, and versions for caches and writers."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db.models.expressions import Combinable
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from kernel.access import ScopedQuerySet
from kernel.accounts.models import User
from kernel.rest.problems import LostUpdate


class PrivateAnswers:
    """A part of the API, opened by its `resource`, whose answers are for one user and one moment."""

    resource: ClassVar[str]
    rate_headers: Mapping[str, str] = {}  # set where the request is counted

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]  # of the view
        # What one user may see is nobody else's to reuse, and yesterday's rule is not today's.
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ["Authorization", "Cookie"])
        for name, value in self.rate_headers.items():
            response[name] = value
        return response


class ScopedRows(PrivateAnswers, GenericViewSet[Any]):
    """Where every viewset gets its rows: what the user may see, everything else does not exist."""

    ordering_fields: ClassVar[dict[str, str | Combinable]] = {}
    # Codes hold dots; REST framework's own default stops at them. No key holds a NUL, which PostgreSQL refuses.
    lookup_value_regex = r"[^/\x00]+"

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if not isinstance(rows, ScopedQuerySet):
            raise TypeError(f"{type(self).__name__} has rows without an access rule.")
        return self.refine(rows.visible_to(self.request.user), self.request.user)

    def refine(self, rows: Any, user: User | AnonymousUser) -> Any:
        """Add what the answer needs, in the domain's words; `user` decides what of related rows shows."""
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        """Filters and order are for lists; a single row is found by its key alone."""
        return queryset if self.detail else super().filter_queryset(queryset)


class ReadViewSet(ScopedRows, ReadOnlyModelViewSet[Any]):
    """A resource that can be listed and read."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        row = self.get_object()
        data = self.get_serializer(row).data
        etag = self.etag_of(row, data)
        response: Any = Response(data, headers={"ETag": etag})
        response = get_conditional_response(request, etag=etag, response=response)
        if response.status_code == LostUpdate.status_code:
            raise LostUpdate
        return response

    def version_of(self, row: Any) -> str:
        """What writers compare: whoever read another version did not see the latest change."""
        return str(getattr(row, "version", 0))

    def etag_of(self, row: Any, data: Any) -> str:
        """The row's version, for writers, and a digest of the answer, since names and rules change beside it."""
        digest = hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:16]
        return f'"{self.version_of(row)}-{digest}"'
