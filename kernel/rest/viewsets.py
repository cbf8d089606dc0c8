"""The viewsets every resource derives from: rows by the access rule, and versions for caches and writers."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Prefetch
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from kernel.access import ScopedQuerySet, Visitor
from kernel.directory.models import Organization
from kernel.editing import Versioned, key_path
from kernel.rest.problems import LostUpdate
from kernel.subjects.declaring import Subject


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
    """Where every viewset gets its rows: what the user may see, everything else does not exist.

    A row is found by the key that its model names, and comes with what it refers to, as far as its reader sees that.
    """

    ordering_fields: ClassVar[dict[str, str | Combinable]] = {}
    # Codes hold dots; REST framework's own default stops at them. No key holds a NUL, which PostgreSQL refuses.
    lookup_value_regex = r"[^/\x00]+"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        model = cls.queryset.model if cls.queryset is not None else None
        if model is None or not issubclass(model, Versioned):
            return
        if cls.lookup_field == "pk" and model.KEY == "id":
            cls.lookup_value_regex = "[0-9]+"
        elif cls.lookup_field == "pk":
            cls.lookup_field, cls.lookup_url_kwarg = model.KEY, model.KEY.rpartition("__")[2]
        if not cls.ordering_fields and {"name", "code"} <= {*model.WRITTEN}:
            cls.ordering_fields = {"name": Lower("name"), "code": "code"}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if not isinstance(rows, ScopedQuerySet):
            raise TypeError(f"{type(self).__name__} has rows without an access rule.")
        return self.seen_by(self.request.user, rows)

    def seen_by(self, user: Visitor, rows: Any) -> Any:
        """Of `rows` those that `user` may see, with all that the answer needs."""
        return self.refine(with_references(rows.visible_to(user), user), user)

    def refine(self, rows: Any, user: Visitor) -> Any:
        """Add what the answer needs, in the domain's words; `user` decides what of related rows shows."""
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        """Filters and order are for lists; a single row is found by its key alone."""
        return queryset if self.detail else super().filter_queryset(queryset)


def with_references(rows: Any, user: Visitor) -> Any:
    """Rows with what they refer to: organizations and subjects always, others as far as `user` sees them.

    What the rows' own queryset selects already stays as it is.
    """
    model = rows.model
    if not issubclass(model, Versioned):
        return rows
    selected = rows.query.select_related or {}
    for name in dict.fromkeys((model.PART_OF, *model.WRITTEN)):
        declared = vars(model).get(name)
        if isinstance(declared, Subject):
            rows = rows.select_related(*declared.relations())
            continue
        target = model._meta.get_field(name).related_model if name else None
        if target is None or name in selected or not issubclass(target, Versioned):
            continue
        holder, hops = key_path(target)
        if holder is Organization:
            rows = rows.select_related("__".join((name, *hops)))
        else:
            rows = rows.prefetch_related(Prefetch(name, target._default_manager.visible_to(user)))
    return rows


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
