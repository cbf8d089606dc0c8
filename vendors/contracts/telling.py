"""Contracts that end soon, told to other systems."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from kernel.webhooks.recording import Message, record_event
from vendors.models import Contract
from vendors.querysets.contracts import ContractQuerySet

ENDING = "contract.ending"


def tell_of_ending() -> None:
    """Record which contracts end within each of the agreed numbers of days, once for each."""
    today, begins = timezone.localdate(), 0
    for days in sorted(settings.CONTRACT_ENDING_DAYS):
        span = (today + timedelta(days=begins), today + timedelta(days=days))
        ending = Contract.objects.filter(ends_on__range=span, status=Contract.Status.ACTIVE)
        record_event(ENDING, ending, _ending_within(days))
        begins = days + 1


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
            yield Message(f"{ENDING}:{contract.pk}:{contract.ends_on}:{days}", data)

    return describe
