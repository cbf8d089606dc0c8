"""Two vendors side by side, and what a merge moved: what a person weighs before deciding or undoing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.directory.merging import references
from kernel.directory.models import OrganizationMerge
from kernel.templatetags.ui import money, number
from vendors.models import Contract, LikelyDuplicate, Scorecard, Vendor


@dataclass(frozen=True)
class Row:
    """One fact of both, in words."""

    label: str | Promise
    one: list[str]
    other: list[str]
    tells: bool = True  # whether it says something about who they are

    @property
    def agrees(self) -> bool:
        """Whether both are the same in this."""
        return self.tells and self.one == self.other


@dataclass(frozen=True)
class Moved:
    """How many rows of one kind a merge moved, or left."""

    kind: str
    field: str
    rows: int


FACTS: tuple[tuple[str | Promise, Callable[[Any], list[str]]], ...] = (
    (_("Name"), lambda vendor: [vendor.organization.name]),
    (_("Also known as"), lambda vendor: [each.name for each in vendor.organization.aliases.all()]),
    (_("Identifiers"), lambda vendor: [str(each) for each in vendor.organization.identifiers.all()]),
    (_("Addresses"), lambda vendor: [each.line for each in vendor.organization.addresses.all()]),
    (_("Code"), lambda vendor: [vendor.organization.code]),
    (_("Kind"), lambda vendor: [vendor.get_kind_display()]),
    (_("Segment"), lambda vendor: [vendor.get_segment_display()]),
    (_("Part of"), lambda vendor: [vendor.organization.parent.name] if vendor.organization.parent else []),
    (_("Website"), lambda vendor: [vendor.website] if vendor.website else []),
    (_("Contacts"), lambda vendor: [each.name for each in vendor.organization.contacts.all()]),
)
HOLDINGS: tuple[tuple[str | Promise, Callable[[Any], list[str]]], ...] = (
    (_("Contracts"), lambda vendor: _counted(vendor.contracts_held, vendor.value)),
    (_("Services"), lambda vendor: _counted(vendor.services_provided)),
    (_("Published scorecards"), lambda vendor: _counted(vendor.published)),
    (_("People who sign in"), lambda vendor: _counted(vendor.people)),
)


def _counted(count: int, value: Any = None) -> list[str]:
    if not count:
        return []
    return [f"{number(count)} · {money(value)}" if value else number(count)]


def side_by_side(pair: LikelyDuplicate, user: User) -> list[Row]:
    """What is known of both; facts that neither has are left out. Six queries."""
    rows_of_both = Vendor.objects.filter(pk__in=[pair.one_id, pair.other_id]).with_contracts(
        Contract.objects.visible_to(user)
    )
    vendors = rows_of_both.annotate(
        services_provided=Count("services", distinct=True),
        published=Count("scorecards", filter=Q(scorecards__status=Scorecard.Status.PUBLISHED), distinct=True),
        people=Count("organization__memberships", distinct=True),
    )
    parts = ("organization__aliases", "organization__identifiers", "organization__addresses", "organization__contacts")
    found = vendors.select_related("organization__parent").prefetch_related(*parts).in_bulk()
    one, other = found[pair.one_id], found[pair.other_id]
    rows = [Row(label, fact(one), fact(other)) for label, fact in FACTS]
    rows += [Row(label, held(one), held(other), tells=False) for label, held in HOLDINGS]
    return [row for row in rows if row.one or row.other]


def what_moved(merge: OrganizationMerge) -> list[Moved]:
    """The rows that went along, by kind, most first: one query."""
    rows = [_told(apps.get_model(each.model), each.field, len(each.keys)) for each in merge.moved.all()]
    return sorted(rows, key=lambda each: -each.rows)


def what_stayed(merge: OrganizationMerge) -> list[Moved]:
    """The rows that could not go along, for the other one has the like: a query for each kind of row."""
    counts = [
        (model, field.name, model._base_manager.filter(**{field.name: merge.absorbed_id}).count())
        for model, field in references()
    ]
    return [_told(model, field, count) for model, field, count in counts if count]


def _told(model: Any, field: str, rows: int) -> Moved:
    named = model._meta.get_field(field).verbose_name
    kind = model._meta.verbose_name if rows == 1 else model._meta.verbose_name_plural
    return Moved(str(kind), str(named), rows)
