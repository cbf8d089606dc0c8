"""Vendors that are likely one: all are compared, what is found is stored, and the state's rule merges some."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import OFFICE, require_role
from kernel.accounts.models import User
from kernel.directory.likeness import Likeness, Reading, likeness, pairs_among, read
from kernel.jobs.models import Job
from kernel.jobs.operations import start_job
from kernel.jobs.working import range_task
from vendors.identity.deciding import merge_as_found
from vendors.identity.reading import parties
from vendors.models import LikelyDuplicate, StateRules, Vendor

# One comparison at a time; a key of PostgreSQL's advisory locks.
COMPARISON_LOCK = int.from_bytes(b"likely")
ROWS_AT_ONCE = 1000
Keys = tuple[int, int]


@dataclass
class Found:
    """What a comparison changed."""

    suggested: int = 0
    no_longer_likely: int = 0
    merged: int = 0


@dataclass
class Families:
    """The vendors that stand for themselves, each read with all names it ever had; and who stands for whom."""

    readings: dict[int, Reading]
    roots: dict[int, int]
    told_apart: set[Keys] = field(default_factory=set)

    def join(self, absorbed: int, kept: int) -> None:
        """Let one stand for both."""
        self.readings[kept] = self.readings[kept].joined(self.readings.pop(absorbed))
        self.roots = {key: kept if root == absorbed else root for key, root in self.roots.items()}
        self.told_apart = {self.of(*keys) for keys in self.told_apart}

    def still_likely(self, likely: dict[Keys, Likeness]) -> dict[Keys, Likeness]:
        """What is left to decide: pairs of those who stand for themselves by now, that nobody told apart."""
        left: dict[Keys, Likeness] = {}
        for keys, found in sorted(likely.items(), key=lambda each: each[1].certainty):
            one, other = self.of(*keys)
            if one != other and (one, other) not in self.told_apart:
                left[one, other] = found
        return left

    def of(self, one: int, other: int) -> Keys:
        """Who stands for two vendors, the lower key first."""
        first, second = sorted((self.roots[one], self.roots[other]))
        return first, second


def request_comparison(by: User | None) -> Job:
    """Have all vendors compared with each other; the same request joins one under way.

    Raises PermissionDenied to everyone but the CIO's office; nobody in particular (`by` None) is the portal itself.
    """
    if by is not None:
        require_role(by, OFFICE)
    return start_job(
        task=compare,
        title=_("Look for vendors that are one"),
        params={},
        ranges=["all"],
        by=by,
        result_url=f"{reverse('vendors:duplicate_list')}?decision={LikelyDuplicate.Decision.OPEN}",
    )


@range_task("vendors.compare")
def compare(params: dict[str, Any], payload: Any) -> dict[str, int]:
    """Compare all vendors, store what is likely, merge what the state's rule allows."""
    return asdict(find_duplicates())


@transaction.atomic
def find_duplicates() -> Found:
    """Bring the suggestions up to date with today's names, identifiers and decisions, and apply the state's rule."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COMPARISON_LOCK])
    families = read_families()
    likely = {
        families.of(pair.one.key, pair.other.key): pair.likeness for pair in pairs_among([*families.readings.values()])
    }
    merged = merge_by_rule(families, likely, StateRules.current())
    return Found(*_store(families.still_likely(likely)), merged)


def read_families() -> Families:
    """All vendors as they are compared: six queries."""
    vendors = Vendor.objects.order_by("pk")
    roots = dict(vendors.values_list("pk", Coalesce("organization__merged_into", "pk")))
    readings = {each.party.key: each for each in read(parties(set(roots.values())))}
    families = Families(readings, roots)
    decided = LikelyDuplicate.objects.filter(decision=LikelyDuplicate.Decision.DIFFERENT)
    families.told_apart = {families.of(*keys) for keys in decided.values_list("one", "other")}
    return families


def merge_by_rule(families: Families, likely: dict[Keys, Likeness], rules: StateRules) -> int:
    """Merge the vendors that are one as certainly as the state's rule asks, most certain first; return how many.

    After each merge the next two are judged by all names and identifiers that both sides have by then.
    """
    if rules.merge_from is None:
        return 0
    enough, merged = rules.merge_from / 100, 0
    certain = [(found, keys) for keys, found in likely.items() if found.certainty >= enough]
    for found, keys in sorted(certain, key=lambda each: (-each[0].certainty, each[1])):
        one, other = families.of(*keys)
        if one == other or (one, other) in families.told_apart:
            continue
        if likeness(families.readings[one], families.readings[other]).certainty < enough:
            continue
        try:
            merge = merge_as_found(one, other, found)
        except ValidationError:
            # One is a part of the other, or each is something that the other is not: people decide.
            continue
        families.join(merge.absorbed_id, merge.kept_id)
        merged += 1
    return merged


def _store(likely: dict[Keys, Likeness]) -> tuple[int, int]:
    """Make the open suggestions those that are likely; return how many are new and how many went."""
    before = {(row.one_id, row.other_id): row for row in LikelyDuplicate.objects.undecided()}
    gone = [row.pk for keys, row in before.items() if keys not in likely]
    LikelyDuplicate.objects.filter(pk__in=gone).delete()
    new: list[LikelyDuplicate] = []
    changed: list[LikelyDuplicate] = []
    for (one, other), found in likely.items():
        row = before.get((one, other)) or LikelyDuplicate(one_id=one, other_id=other, certainty=-1, reasons=[])
        if (float(row.certainty), row.reasons) == (found.certainty, list(found.reasons)):
            continue
        row.certainty, row.reasons = found.certainty, list(found.reasons)
        (new if row.pk is None else changed).append(row)
    LikelyDuplicate.objects.bulk_update(changed, ["certainty", "reasons"], batch_size=ROWS_AT_ONCE)
    LikelyDuplicate.objects.bulk_create(new, batch_size=ROWS_AT_ONCE)
    return len(new), len(gone)
