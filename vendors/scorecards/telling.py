"""Published scorecards and fallen grades, told to other systems."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from kernel.webhooks.recording import Message, record_event
from metrics.methodologies.scoring import INSUFFICIENT_EVIDENCE
from vendors.models import Scorecard
from vendors.querysets.scorecards import ScorecardQuerySet

PUBLISHED, GRADE_FELL = "scorecard.published", "scorecard.grade_fell"


def tell_of_published(scorecards: ScorecardQuerySet) -> None:
    """Record that scorecards were published, and whose grade fell with it."""
    record_event(PUBLISHED, scorecards, _published)
    record_event(GRADE_FELL, scorecards.with_fallen_grade(), _fallen)


def _facts(card: Scorecard) -> dict[str, Any]:
    """What everybody reads of a scorecard who may see it at all."""
    organization = card.vendor.organization
    return {
        "scorecard": card.pk,
        "path": reverse("api:scorecards-detail", args=[card.pk]),
        "vendor": {"code": organization.code, "name": organization.name},
        "period_start": f"{card.period_start:%Y-%m}",
        "months": card.months,
        "methodology": card.methodology.code,
        "revision": card.revision,
        "score": card.score,
        "coverage": card.coverage,
        "grade": card.grade.name if card.grade else INSUFFICIENT_EVIDENCE,
    }


def _cards(scorecards: ScorecardQuerySet) -> Iterator[Any]:
    yield from scorecards.select_related("vendor__organization", "methodology", "grade")


def _published(scorecards: ScorecardQuerySet) -> Iterator[Message]:
    for card in _cards(scorecards):
        yield Message(f"{PUBLISHED}:{card.pk}", _facts(card))


def _fallen(scorecards: ScorecardQuerySet) -> Iterator[Message]:
    for card in _cards(scorecards):
        yield Message(f"{GRADE_FELL}:{card.pk}", {**_facts(card), "grade_before": card.grade_before})
