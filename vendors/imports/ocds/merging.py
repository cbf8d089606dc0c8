"""All that is known of a contracting process, merged by the standard's rules with its own library."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ocdsmerge.exceptions import OCDSMergeError
from ocdsmerge.merge import CompiledRelease
from ocdsmerge.rules import get_merge_rules

from vendors.imports.ocds.checking import release_schema
from vendors.models import ContractRelease

Contracts = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Merged:
    """A process as its releases say together, and how its contracts stood after each release that amendments name."""

    content: dict[str, Any]
    contracts_after: dict[str, Contracts] = field(default_factory=dict)


@cache
def _rules() -> Any:
    return get_merge_rules(release_schema())


def merge(releases: Sequence[ContractRelease]) -> Merged:
    """Merge the releases of one process in the order of their dates; what sums up earlier ones stands for them.

    Raises OCDSMergeError where they contradict each other's shape.
    """
    rows = sorted(releases, key=lambda row: (row.date, row.is_compiled, row.release_id))
    first = max((index for index, row in enumerate(rows) if row.is_compiled), default=0)
    rows = rows[first:]
    if len(rows) == 1:
        return Merged(rows[0].content)
    named = _named_by_amendments(rows)
    merged = CompiledRelease(merge_rules=_rules())
    contracts_after = {}
    with warnings.catch_warnings():
        # Two objects with one id in one list: the later counts, as in everything else.
        warnings.simplefilter("ignore")
        for row in rows:
            try:
                merged.append(row.content)
            except (KeyError, TypeError, AttributeError) as error:
                raise OCDSMergeError(str(error)) from error
            if row.release_id in named:
                contracts_after[row.release_id] = contracts_of(merged.asdict())
    return Merged(merged.asdict(), contracts_after)


def contracts_of(content: dict[str, Any]) -> Contracts:
    """Contracts by their id."""
    listed = content.get("contracts")
    objects = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return {str(each["id"]): each for each in objects if each.get("id") is not None}


def _named_by_amendments(rows: Sequence[ContractRelease]) -> set[str]:
    named = set()
    for row in rows:
        for contract in contracts_of(row.content).values():
            for amendment in contract.get("amendments") or []:
                if isinstance(amendment, dict):
                    named |= {str(amendment.get("releaseID")), str(amendment.get("amendsReleaseID"))}
    return named
