"""What other systems are told of supply: published scorecards, fallen grades, contracts that end soon."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kernel.webhooks.models import Event
from kernel.webhooks.recording import Message, record_event
from metrics.scoring import INSUFFICIENT_EVIDENCE
from vendors.models import Contract, Scorecard
from vendors.querysets import ContractQuerySet, ScorecardQuerySet


def tell_of_published(scorecards: ScorecardQuerySet) -> None:
    """Record that scorecards were published, and whose grade fell with it."""
    record_event(Event.SCORECARD_PUBLISHED, scorecards, _published)
    record_event(Event.GRADE_FELL, scorecards.with_fallen_grade(), _fallen)


def tell_of_ending() -> None:
    """Record which contracts end within each of the agreed numbers of days, once for each."""
    today, begins = timezone.localdate(), 0
    for days in sorted(settings.CONTRACT_ENDING_DAYS):
        span = (today + timedelta(days=begins), today + timedelta(days=days))
        ending = Contract.objects.filter(ends_on__range=span, status=Contract.Status.ACTIVE)
        record_event(Event.CONTRACT_ENDING, ending, _ending_within(days))
        begins = days + 1


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
        yield Message(f"scorecard.published:{card.pk}", _facts(card))


def _fallen(scorecards: ScorecardQuerySet) -> Iterator[Message]:
    for card in _cards(scorecards):
        yield Message(f"scorecard.grade_fell:{card.pk}", {**_facts(card), "grade_before": card.grade_before})


def _ending_within(days: int) -> Any:
    """What is told of contracts that end within so many days."""

    def describe(contracts: ContractQuerySet) -> Iterator[Message]:
        for contract in contracts.select_related("vendor__organization", "agency"):
            vendor, agency = contract.vendor.organization, contract.agency
            data = {
                "contract": contract.number,
                "path": reverse("api:contracts-detail", args=[contract.number]),
                "title": contract.title,
                "vendor": {"code": vendor.code, "name": vendor.name},
                "agency": {"code": agency.code, "name": agency.name},
                "ends_on": contract.ends_on,
                "within_days": days,
            }
            yield Message(f"contract.ending:{contract.pk}:{contract.ends_on}:{days}", data)

    return describe
