"""Merging two organizations that are one, with everything that hangs on them, and undoing that."""

from collections.abc import Iterator

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from pghistory.models import Event

from kernel.access import OFFICE, require_role
from kernel.accounts.models import User
from kernel.directory.models import Alias, MergedRows, Organization, OrganizationMerge

Reference = tuple[type[models.Model], "models.ForeignKey[models.Model, models.Model]"]


def references() -> Iterator[Reference]:
    """Every field of every model by which a row belongs to an organization, or to its profile in a room.

    But for those a model names in `STAYS_WHEN_MERGED`: its rows are facts about the organization as it was.
    """
    bodies = {Organization, *(model for model in apps.get_models() if _is_profile(model))}
    for model in apps.get_models():
        if _is_profile(model) or issubclass(model, Event):
            continue
        for field in model._meta.concrete_fields:
            if field.related_model in bodies and field.name not in getattr(model, "STAYS_WHEN_MERGED", ()):
                assert isinstance(field, models.ForeignKey)
                yield model, field


def _is_profile(model: type[models.Model]) -> bool:
    """Whether a model's rows are organizations in a further part, as vendors and agencies are."""
    key = model._meta.pk
    return isinstance(key, models.OneToOneField) and key.related_model is Organization


@transaction.atomic
def merge_organizations(
    *, absorbed: Organization, kept: Organization, reason: str, by: User | None
) -> OrganizationMerge:
    """Make two organizations one: what belongs to `absorbed` belongs to `kept` from now on, its names are aliases.

    What cannot belong to `kept`, as an alias that it has already, stays where it is. Nobody in particular (`by` None)
    is the state's rule. Raises ValidationError where they cannot be one, PermissionDenied to all but the CIO's office.
    """
    if by is not None:
        require_role(by, OFFICE)
    absorbed, kept = _locked(absorbed, kept)
    _check(absorbed, kept)
    merge = OrganizationMerge.objects.create(
        absorbed=absorbed, kept=kept, reason=reason, merged_by=by, former_parent=absorbed.parent
    )
    # Below the other one, whoever sees that one also sees what stayed.
    Organization.objects.filter(pk=absorbed.pk).update(parent=kept, merged_into=kept)
    for model, field in references():
        rows = model._base_manager.filter(**{field.name: absorbed.pk})
        if keys := _move(rows, field.name, kept.pk):
            MergedRows.objects.create(merge=merge, model=model._meta.label_lower, field=field.name, keys=keys)
    if absorbed.name != kept.name:
        alias, is_new = Alias.objects.get_or_create(organization=kept, name=absorbed.name)
        merge.alias = alias if is_new else None
        merge.save(update_fields=["alias"])
    return merge


@transaction.atomic
def undo_merge(*, merge: OrganizationMerge, by: User) -> OrganizationMerge:
    """Make two organizations of one again: what the merge moved goes back; what came since stays.

    Raises ValidationError where a later merge has to be undone first.
    """
    require_role(by, OFFICE)
    absorbed, kept = _locked(merge.absorbed, merge.kept)
    merge = OrganizationMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        raise ValidationError(_("This merge was undone already."))
    if absorbed.merged_into_id != kept.pk:
        raise ValidationError(
            _("%(kept)s was itself merged into another since. Undo that merge first.") % {"kept": kept}
        )
    if merge.alias is not None:
        merge.alias.delete()
    Organization.objects.filter(pk=absorbed.pk).update(parent=merge.former_parent)
    for moved in merge.moved.order_by("-pk"):
        rows = apps.get_model(moved.model)._base_manager.filter(pk__in=moved.keys, **{moved.field: kept.pk})
        _move(rows, moved.field, absorbed.pk)
    Organization.objects.filter(pk=absorbed.pk).update(merged_into=None)
    merge.alias, merge.undone_at, merge.undone_by = None, Now(), by
    merge.save(update_fields=["alias", "undone_at", "undone_by"])
    return merge


def _locked(*organizations: Organization) -> list[Organization]:
    """The rows as they are now, held in one order until the transaction ends."""
    keys = [each.pk for each in organizations]
    rows = Organization.objects.select_for_update().order_by("pk").in_bulk(keys)
    return [rows[key] for key in keys]


def _check(absorbed: Organization, kept: Organization) -> None:
    if absorbed.pk == kept.pk:
        raise ValidationError(_("Choose two vendors: this is one and the same."))
    if absorbed.merged_into_id is not None or kept.merged_into_id is not None:
        raise ValidationError(_("One of the two was merged with another since. Compare again."))
    if absorbed.pk in kept.path:
        raise ValidationError(
            _("%(kept)s is a part of %(absorbed)s. Keep %(absorbed)s instead.")
            % {"kept": kept.name, "absorbed": absorbed.name}
        )
    if missing := _parts(absorbed) - _parts(kept):
        raise ValidationError(
            _("%(absorbed)s is also: %(parts)s. Keep it instead.")
            % {"absorbed": absorbed.name, "parts": ", ".join(sorted(missing))}
        )


def _parts(organization: Organization) -> set[str]:
    """What an organization is, in words: one can take the place of another only where it is all that too."""
    profiles = [model for model in apps.get_models() if _is_profile(model)]
    parts = {
        str(each._meta.verbose_name) for each in profiles if each._base_manager.filter(pk=organization.pk).exists()
    }
    for name in ("is_cio_office", "is_jurisdiction"):
        if getattr(organization, name):
            parts.add(str(Organization._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    return parts


def _move(rows: "models.QuerySet[models.Model]", field: str, to: int) -> list[int]:
    """Let rows belong to another organization, and return the keys of those that can: by one statement if all can."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return []
    try:
        with transaction.atomic():
            rows.model._base_manager.filter(pk__in=keys).update(**{field: to})
            return keys
    except IntegrityError:
        return [key for key in keys if _moves(rows.model, key, field, to)]


def _moves(model: type[models.Model], key: int, field: str, to: int) -> bool:
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=key).update(**{field: to})
    except IntegrityError:
        return False
    return True
