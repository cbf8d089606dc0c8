"""Decisions about two vendors that may be one."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.access import OFFICE, require_role
from kernel.accounts.models import User
from kernel.directory.likeness import Likeness, likeness, read
from kernel.directory.merging import merge_organizations, undo_merge
from kernel.directory.models import Organization, OrganizationMerge
from vendors.identity.reading import parties
from vendors.models import LikelyDuplicate, Vendor

Decision = LikelyDuplicate.Decision


@transaction.atomic
def suspect(*, one: Vendor, other: Vendor, by: User) -> LikelyDuplicate:
    """The pair of two vendors that somebody holds for one, to be decided.

    Raises PermissionDenied to everyone but the CIO's office, ValidationError where both are the same.
    """
    require_role(by, OFFICE)
    if one.pk == other.pk:
        raise ValidationError({"other": _("Choose another vendor than the first.")})
    first, second = sorted((one.pk, other.pk))
    found = likeness(*read(parties({first, second})))
    facts = {"certainty": found.certainty, "reasons": list(found.reasons)}
    pair: LikelyDuplicate = LikelyDuplicate.objects.get_or_create(one_id=first, other_id=second, defaults=facts)[0]
    return pair


@transaction.atomic
def merge_pair(*, pair: LikelyDuplicate, keep: Vendor, reason: str, by: User) -> OrganizationMerge:
    """Merge two vendors that are one into `keep`, which is one of them.

    Raises ValidationError where they cannot be one, PermissionDenied to everyone but the CIO's office.
    """
    pair = _locked(pair, by)
    if keep.pk not in (pair.one_id, pair.other_id):
        raise ValidationError({"keep": _("Choose one of the two.")})
    merge = _merge(pair.one_id, pair.other_id, keep.pk, reason, by)
    _decide(pair, Decision.SAME, by, merge)
    _hand_over(merge.absorbed_id, merge.kept_id)
    return merge


@transaction.atomic
def merge_as_found(one: int, other: int, found: Likeness) -> OrganizationMerge:
    """Merge two vendors by the state's rule, and keep what spoke for it. Raises ValidationError as `merge_pair`."""
    merge = _merge(one, other, weightier(one, other), _("By the state's rule"), None)
    facts = {"certainty": found.certainty, "reasons": list(found.reasons)}
    pair, _is_new = LikelyDuplicate.objects.get_or_create(
        one_id=min(one, other), other_id=max(one, other), defaults=facts
    )
    _decide(pair, Decision.SAME, None, merge)
    return merge


def _merge(one: int, other: int, kept: int, reason: str, by: User | None) -> OrganizationMerge:
    organizations = Organization.objects.in_bulk([one, other])
    absorbed = other if kept == one else one
    return merge_organizations(absorbed=organizations[absorbed], kept=organizations[kept], reason=reason, by=by)


def _hand_over(absorbed: int, kept: int) -> None:
    """Let what is still to decide about one be asked of the vendor it is one with."""
    for pair in LikelyDuplicate.objects.undecided().filter(Q(one=absorbed) | Q(other=absorbed)):
        third = pair.other_id if pair.one_id == absorbed else pair.one_id
        one, other = sorted((kept, third))
        if third == kept or LikelyDuplicate.objects.filter(one=one, other=other).exists():
            pair.delete()
            continue
        pair.one_id, pair.other_id = one, other
        pair.save(update_fields=["one", "other"])


@transaction.atomic
def keep_apart(*, pair: LikelyDuplicate, by: User) -> LikelyDuplicate:
    """Say that two vendors are two: they are not suggested again. Raises PermissionDenied, ValidationError."""
    return _decide(_locked(pair, by), Decision.DIFFERENT, by)


@transaction.atomic
def undo(*, merge: OrganizationMerge, by: User) -> OrganizationMerge:
    """Make two vendors of one again, and keep them apart from now on. Raises PermissionDenied, ValidationError."""
    merge = undo_merge(merge=merge, by=by)
    for pair in LikelyDuplicate.objects.select_for_update().filter(merge=merge):
        _decide(pair, Decision.DIFFERENT, by)
    return merge


def _locked(pair: LikelyDuplicate, by: User) -> LikelyDuplicate:
    require_role(by, OFFICE)
    row: LikelyDuplicate | None = LikelyDuplicate.objects.select_for_update().filter(pk=pair.pk).first()
    if row is None or row.decision == Decision.SAME:
        raise ValidationError(_("These two were merged meanwhile, or one of them with another vendor."))
    return row


def _decide(
    pair: LikelyDuplicate, decision: str, by: User | None, merge: OrganizationMerge | None = None
) -> LikelyDuplicate:
    pair.decision, pair.decided_by, pair.decided_at, pair.merge = decision, by, timezone.now(), merge
    pair.save(update_fields=["decision", "decided_by", "decided_at", "merge"])
    return pair


def weightier(one: int, other: int) -> int:
    """Of two vendors the one to keep: which is more than a vendor, then which holds more, then the older one."""
    held = Vendor.objects.filter(pk__in=[one, other]).annotate(
        held=Count("contracts", distinct=True) + Count("services", distinct=True),
        is_agency=Q(organization__agency__isnull=False),
    )
    rows = held.values_list("pk", "is_agency", "organization__is_jurisdiction", "organization__is_cio_office", "held")
    return max(rows, key=lambda row: (any(row[1:4]), row[4], -row[0]))[0]
