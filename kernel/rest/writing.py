"""Writing over the API: rows created and changed by the rules that pages follow, whole or not at all."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.access import ScopedQuerySet, confirm_editable
from kernel.constraints import explain
from kernel.editing import Versioned, fixed_fields
from kernel.rest.problems import LostUpdate
from kernel.rest.repeats import RepeatablePosts
from kernel.rest.serializers import RowSerializer
from kernel.rest.viewsets import ReadViewSet

LARGEST_BODY = 1_000_000  # bytes


class PreconditionRequired(exceptions.APIException):
    """A change without If-Match could overwrite somebody else's unseen."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = gettext_lazy("Send the ETag of the row as you read it in If-Match, or * to overwrite knowingly.")


class BodyTooLarge(exceptions.APIException):
    """A body that nobody will read."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("The body of the request is too large.")


@extend_schema_field(OpenApiTypes.STR)
class KeyField(serializers.SlugRelatedField[Any]):
    """Another row by its natural key; what the user may not see answers like what does not exist."""

    default_error_messages = {"does_not_exist": gettext_lazy("There is no such row that you may see.")}

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if not isinstance(rows, ScopedQuerySet):
            raise TypeError(f"{self.field_name} refers to rows without an access rule.")
        return rows.visible_to(self.context["request"].user)

    def to_internal_value(self, data: object) -> Any:
        if not isinstance(data, str) or not data.isprintable():
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictSerializer(serializers.Serializer[Any]):
    """A body in which nothing is ignored: a field that nobody reads is an error."""

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            raise serializers.ValidationError({name: _("There is no such field here.") for name in unknown})
        return value


class WriteSerializer(StrictSerializer, RowSerializer):
    """What people may write of a row; `fixed` fields are given once, when the row is created."""

    last_fields = ()
    # None: what the row is part of, and its code.
    fixed: ClassVar[tuple[str, ...] | None] = None

    def row_fields(self, model: type[Versioned], declared_fields: Mapping[str, Any]) -> list[str]:
        key, *names = super().row_fields(model, declared_fields)
        return [key, *names] if key in model.WRITTEN or key in declared_fields else names

    def build_relational_field(self, field_name: str, relation_info: Any) -> Any:
        target = relation_info.related_model
        if not issubclass(target, Versioned) or target.KEY == "id":
            raise TypeError(f"{field_name} refers to rows that nothing names to other systems.")
        kwargs = {"slug_field": target.KEY, "queryset": target._default_manager.all()}
        optional = {"required": False, "allow_null": True} if relation_info.model_field.null else {}
        return KeyField, {**kwargs, **optional}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.instance is None:
            return attrs
        changed = [name for name in self.given_once() if self.is_changed(name, attrs)]
        if changed:
            raise serializers.ValidationError({name: _("This does not change.") for name in changed})
        return attrs

    def given_once(self) -> tuple[str, ...]:
        """What a change may repeat but not change, by the names of the body."""
        if self.fixed is not None:
            return self.fixed
        names = self.names_of_columns()
        return tuple(names[column] for column in fixed_fields(self.Meta.model))

    def is_changed(self, name: str, attrs: dict[str, Any]) -> bool:
        """Whether a field holds something else than the row."""
        field = self.fields[name]
        return str(field.source) in attrs and attrs[str(field.source)] != field.get_attribute(self.instance)

    def create(self, validated_data: dict[str, Any]) -> Any:
        model: Any = self.Meta.model
        return self.write(model(), validated_data)

    def update(self, instance: Any, validated_data: dict[str, Any]) -> Any:
        return self.write(instance, validated_data)

    def write(self, row: Any, values: dict[str, Any]) -> Any:
        """Put values into a row and save it, once model and constraints have nothing against it."""
        for name, value in self.columns(values).items():
            setattr(row, name, value)
        self.check_row(row)
        row.save()
        return row

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        """Values by the names of the model."""
        return values

    def check_row(self, row: models.Model) -> None:
        """Refuse what the model's fields, its `clean()` and its constraints refuse, each beside its field."""
        read = {*self.names_of_columns(), "currency"}
        row.clean_fields(exclude={field.name for field in row._meta.fields if field.name not in read})
        row.clean()
        row.validate_unique()
        row.validate_constraints()

    def names_of_columns(self) -> dict[str, str]:
        """What the body calls each column; an amount of money is two of them and goes by its own name."""
        return {name if field.source == "*" else str(field.source): name for name, field in self.fields.items()}

    def named(self, error: ValidationError) -> serializers.ValidationError:
        """A refusal by the names of the body."""
        if not hasattr(error, "error_dict"):
            return serializers.ValidationError(error.messages)
        names = self.names_of_columns()
        texts: dict[str, list[str]] = {}
        for column, messages in error.message_dict.items():
            name = "non_field_errors" if column == NON_FIELD_ERRORS else names.get(column, column)
            texts[name] = [*texts.get(name, []), *messages]
        return serializers.ValidationError(texts)


class TakesBodies(RepeatablePosts):
    """Reads bodies up to a size, for Django's own limit is for forms alone; carries out repeated POSTs once."""

    largest_body: int = LARGEST_BODY  # an extra action may set its own

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        length = str(request.META.get("CONTENT_LENGTH", ""))
        if length.isdigit() and int(length) > self.largest_body:
            raise BodyTooLarge


class WriteViewSet(TakesBodies, ReadViewSet):
    """A resource whose rows people create and change over the API; nothing is deleted, people retire rows."""

    queryset: Any
    write_serializer_class: ClassVar[type[WriteSerializer]]
    locks: ClassVar[tuple[str, ...]] = ("self",)

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.select_for_update(of=self.locks) if self.request.method == "PATCH" else rows

    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Create a row; 201 with what it then is and where."""
        if not self.model_rows().creatable_by(request.user):
            raise PermissionDenied
        return self.answer(self.saved(None), status.HTTP_201_CREATED)

    @transaction.atomic
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the fields that the body names, of the row as it was when the ETag in If-Match was read."""
        row = self.get_object()
        if not self.model_rows().editable_by(request.user).filter(pk=row.pk).exists():
            raise PermissionDenied
        confirm_version(request.headers.get("If-Match", ""), self.version_of(row))
        return self.answer(self.saved(row), status.HTTP_200_OK)

    def model_rows(self) -> Any:
        """All rows, for the access rule to choose from."""
        return self.queryset.model._default_manager.all()

    def saved(self, row: Any) -> Any:
        """Write the body; the model, the access rule and the database have the last word, in this order."""
        serializer = self.write_serializer_class(
            row, data=self.request.data, partial=row is not None, context=self.get_serializer_context()
        )
        serializer.is_valid(raise_exception=True)
        try:
            with transaction.atomic():
                written = serializer.save()
                confirm_editable(written, self.request.user)
        except ValidationError as error:
            raise serializer.named(error) from error
        except IntegrityError as error:
            raise serializers.ValidationError([explain(error)]) from error
        return written

    def answer(self, written: Any, code: int) -> Response:
        """The row as its reader sees it."""
        row = self.seen_by(self.request.user, self.queryset).get(pk=written.pk)
        data = self.get_serializer(row).data
        key = row
        for part in self.lookup_field.split("__"):
            key = getattr(key, part)
        location = self.reverse_action("detail", kwargs={self.lookup_url_kwarg or self.lookup_field: key})
        return Response(data, status=code, headers={"ETag": self.etag_of(row, data), "Location": location})


def confirm_version(if_match: str, version: str) -> None:
    """Refuse a change of another version than one that If-Match names; digests of what was read do not matter."""
    if not if_match.strip():
        raise PreconditionRequired
    named = {tag.strip().strip('"').rpartition("-")[0] for tag in if_match.split(",")}
    if if_match.strip() != "*" and version not in named:
        raise LostUpdate
