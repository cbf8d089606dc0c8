"""The overview's figures as rows for tables and charts, each with the address of the list behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brm_portal.dashboards.overview import ENDING_WITHIN_DAYS, Spend, Standing
from kernel.figures import money_text
from kernel.templatetags.ui import INSUFFICIENT, grade_tone
from metrics.models import GradeBand, OutcomeReading
from vendors.filters.scorecards import NO_EVIDENCE, NOT_SCORED
from vendors.models import Contract
from vendors.scorecards.periods import Editions


@dataclass(frozen=True)
class Grade:
    """One grade, or insufficient evidence, as charts and tables show it."""

    id: int | None
    label: str
    tone: str
    code: str
    position: int | None = None


def grades_of(bands: Iterable[GradeBand]) -> list[Grade]:
    """Insufficient evidence, then the grades from the lowest up."""
    ordered = sorted(bands, key=lambda band: band.position)
    missing = Grade(None, _("Insufficient evidence"), INSUFFICIENT, NO_EVIDENCE)
    return [missing, *(_grade(band, len(ordered)) for band in ordered)]


def _grade(band: GradeBand, bands: int) -> Grade:
    return Grade(band.pk, band.name, grade_tone(band.name, band.position, bands), band.name, band.position)


def address(url_name: str, **filters: Any) -> str:
    """A list's address with the filters that are set."""
    query = urlencode({name: value for name, value in filters.items() if value not in (None, "")})
    return f"{reverse(url_name)}?{query}" if query else reverse(url_name)


def vendors_at(period: str, grade: str = "") -> str:
    """The vendors in one period, at one grade."""
    return address("vendors:vendor_list", period=period, grade=grade)


def standing_rows(standing: Standing, grades: Sequence[Grade], period: str) -> list[dict[str, Any]]:
    """Each grade with its vendors, best first."""
    return [
        {
            "grade": grade.id and grade.label,
            "position": grade.position,
            "tone": grade.tone,
            "vendors": standing.by_grade.get(grade.id, 0),
            "of": standing.scored,
            "href": vendors_at(period, grade.code),
        }
        for grade in reversed(grades)
    ]


def quarter_rows(quarters: Sequence[Standing], grades: Sequence[Grade], codes: Editions) -> list[dict[str, Any]]:
    """Each quarter with its vendors at each grade, for the stacked chart."""
    known = {edition: code for code, edition in codes.by_code.items()}
    return [
        {
            "label": quarter.edition.period.name,
            "note": _("%(enough)d of %(scored)d with enough evidence")
            % {"enough": quarter.with_evidence, "scored": quarter.scored},
            "cells": [
                {
                    "value": quarter.by_grade.get(grade.id, 0),
                    "href": vendors_at(known.get(quarter.edition, ""), grade.code),
                }
                for grade in grades
            ],
        }
        for quarter in quarters
    ]


def spend_rows(spent: Sequence[Spend], grades: Sequence[Grade], period: str) -> list[dict[str, Any]]:
    """Spending on vendors at each grade, best first, those without a scorecard last."""
    by_grade = {row.grade: row for row in spent if row.scored}
    rows = [
        _spend_row(grade.label, by_grade.get(grade.id), grade.tone, vendors_at(period, grade.code))
        for grade in reversed(grades)
    ]
    return [
        *rows,
        *(
            _spend_row(_("No scorecard"), row, "line", vendors_at(period, NOT_SCORED))
            for row in spent
            if not row.scored
        ),
    ]


def _spend_row(label: str, spent: Spend | None, tone: str, href: str) -> dict[str, Any]:
    total, services = (spent.total, spent.services) if spent else (Decimal(0), 0)
    return {
        "label": label,
        "href": href,
        "value": total,
        "text": money_text(total, settings.CURRENCY),
        "tone": tone,
        "note": ngettext("%(n)d service", "%(n)d services", services) % {"n": services},
    }


def outcome_rows(counts: dict[str, int], month: str) -> list[dict[str, Any]]:
    """Each standing of outcomes with its count."""
    return [
        {
            "status": status,
            "label": OutcomeReading.Status(status).label,
            "tone": status.replace("_", "-"),
            "outcomes": counts[status],
            "of": sum(counts.values()),
            "href": address("metrics:outcome_list", status=status, month=month),
        }
        for status in OutcomeReading.Status.values
    ]


def holder_rows(holders: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Agencies with what they hold alone."""
    return [{**row, "href": held_outside(agency=row["agency__code"])} for row in holders]


def held_outside(**filters: Any) -> str:
    """The contracts in force that agencies hold alone."""
    return address("vendors:contract_list", in_force="true", holder=Contract.Holder.AGENCY, **filters)


def contract_links() -> dict[str, str]:
    """The lists behind the figures about contracts."""
    return {
        "ending": address("vendors:contract_list", in_force="true", ending_within=ENDING_WITHIN_DAYS),
        "outside": held_outside(),
    }
