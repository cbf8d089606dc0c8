"""Pages about contracts: the list, one contract, its form, and the calendar."""

import datetime
from calendar import Calendar
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kernel.access import EDITORS, OFFICE, PARTIES, STAFF_AND_AGENCIES
from kernel.accounts.models import User
from kernel.pages import Action, CreatePage, DetailPage, EditPage, ListPage, PlainPage
from metrics.methodologies.scoring import add_months
from metrics.models import Outcome, OutcomeSeries
from vendors.contracts.deadlines import Deadline, deadlines_between
from vendors.contracts.timeline import Standing, Timeline
from vendors.filters.contracts import ContractCalendarFilterSet, ContractFilterSet
from vendors.forms.contracts import ContractForm
from vendors.models import (
    AmendedTarget,
    Amendment,
    Contract,
    CoSupplier,
    Milestone,
    Payment,
    ServiceLevel,
    StateRules,
    Subscription,
)
from vendors.scorecards.consequences import Consequences, consequences_of, standing_card
from vendors.service_levels.over_time import over_time
from vendors.tables.contracts import ContractTable

PAYMENTS_SHOWN = 50

MONTHS_AHEAD = 12
DEADLINES_SHOWN = 300
SHOWN_PER_DAY = 3
# Weeks begin on Sunday, as calendars in the United States do.
SUNDAY = 6
EARLIEST, LATEST = datetime.date(1900, 1, 1), datetime.date(2200, 12, 1)


class ContractList(ListPage):
    """Agreements, by party, holder, criticality and end."""

    open_to = PARTIES
    model = Contract
    table_class = ContractTable
    filterset_class = ContractFilterSet
    export_name = "contracts"
    actions = (
        Action(_("Import contracts"), "vendors:contract_import_create", OFFICE, is_main=False),
        Action(_("Import a table"), "vendors:table_import_create", OFFICE, is_main=False),
        Action(_("New contract"), "vendors:contract_create"),
    )
    nothing_yet = _(
        "A contract joins one vendor and one agency. On its page you then add the service levels it commits to."
    )

    def get_queryset(self) -> Any:
        return self.rows().select_related("vendor__organization", "agency")


class ContractDetail(DetailPage):
    """One agreement: how far it is, its life in order, what it commits to and what depends on it."""

    open_to = PARTIES
    model = Contract
    template_name = "vendors/contract_detail.html"

    def get_queryset(self) -> Any:
        return self.rows().select_related("vendor__organization", "agency").with_spent(Payment.objects.all())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, contract, today = self.user, self.object, timezone.localdate()
        amended = AmendedTarget.objects.visible_to(user).select_related(
            "target__series__service_level", "target__series__indicator"
        )
        found = Amendment.objects.visible_to(user).filter(contract=contract)
        amendments = list(found.prefetch_related(Prefetch("targets", amended)))
        milestones = list(Milestone.objects.visible_to(user).filter(contract=contract))
        payments = Payment.objects.visible_to(user).filter(contract=contract)
        co_suppliers = CoSupplier.objects.visible_to(user).filter(contract=contract)
        levels = ServiceLevel.objects.visible_to(user).filter(contract=contract).with_latest()
        levels = levels.select_related("series__indicator").order_by("dimension", "series__code")
        changes = [each.value_change for each in amendments if each.value_change is not None]
        return super().get_context_data(
            standing=Standing(contract, contract.spent, today),
            timeline=Timeline(contract, amendments, milestones, today),
            levels=over_time(list(levels), user),
            milestones=milestones,
            changed_by=sum(changes) if changes else None,
            payments=payments.select_related("payer", "payee")[:PAYMENTS_SHOWN],
            payments_in_all=payments.count(),
            co_suppliers=co_suppliers.select_related("vendor__organization"),
            consequences=self.consequences(),
            **dependents_of(contract, user),
            **kwargs,
        )

    def consequences(self) -> Consequences | None:
        """What follows from its vendor's grade, for those who are to know."""
        if self.user.role in STAFF_AND_AGENCIES:
            return consequences_of(standing_card(self.object.vendor, self.user), StateRules.current())
        return None


def dependents_of(contract: Contract, user: User) -> dict[str, Any]:
    """What would feel the end of a contract, as far as the user sees it: three queries."""
    subscriptions = Subscription.objects.visible_to(user).in_force().filter(service__contract=contract)
    measured = OutcomeSeries.objects.filter(series__service_level__contract=contract)
    outcomes = Outcome.objects.visible_to(user).filter(pk__in=measured.values("outcome"), retired_on=None)
    return {
        "services": contract.services.visible_to(user),
        "subscriptions": list(
            subscriptions.select_related("agency", "service").order_by("agency__name", "service__name")
        ),
        "outcomes": outcomes.select_related("organization"),
    }


class ContractCreate(CreatePage):
    """A new agreement."""

    open_to = EDITORS
    model = Contract
    form_class = ContractForm
    template_name = "vendors/contract_edit.html"
    title = _("New contract")
    intro = _("The vendor and the agency have to be in the portal first.")
    list_url_name = "vendors:contract_list"


class ContractUpdate(EditPage):
    """Change an agreement."""

    open_to = EDITORS
    model = Contract
    form_class = ContractForm
    template_name = "vendors/contract_edit.html"
    title = _("Change contract")


@dataclass(frozen=True)
class DayCell:
    """One day of the month view."""

    day: datetime.date
    is_of_month: bool
    is_today: bool
    deadlines: list[Deadline]

    @property
    def shown(self) -> list[Deadline]:
        """As many as fit."""
        return self.deadlines[:SHOWN_PER_DAY]

    @property
    def more(self) -> int:
        """How many do not."""
        return len(self.deadlines) - len(self.shown)


class ContractCalendar(PlainPage):
    """What ends, renews, must be cancelled or is due: a list of the months ahead, or one month as a sheet."""

    open_to = PARTIES
    template_name = "vendors/contract_calendar.html"

    @cached_property
    def month(self) -> datetime.date:
        """The month of `?month=2026-03`; by default the present one."""
        text = self.request.GET.get("month")
        if not text:
            return timezone.localdate().replace(day=1)
        try:
            month = datetime.date.fromisoformat(f"{text[:7]}-01")
        except ValueError:
            raise Http404 from None
        if not EARLIEST <= month <= LATEST:
            raise Http404
        return month

    @property
    def is_sheet(self) -> bool:
        """Whether one month is asked for."""
        return self.request.GET.get("view") == "month"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contracts = Contract.objects.visible_to(self.user)
        chosen = ContractCalendarFilterSet(self.request.GET, queryset=contracts, request=self.request)
        step = 1 if self.is_sheet else MONTHS_AHEAD
        first, after = self.month, add_months(self.month, step)
        last = after - datetime.timedelta(days=1)
        weeks = Calendar(SUNDAY).monthdatescalendar(first.year, first.month)
        span = (weeks[0][0], weeks[-1][-1]) if self.is_sheet else (first, last)
        found = deadlines_between(chosen.qs, *span, self.user)
        shown = {"weeks": sheet(weeks, first, found)} if self.is_sheet else {"months": by_month(found)}
        return super().get_context_data(
            filter=chosen,
            month=first,
            last=last,
            before=add_months(first, -step),
            after=after,
            today=timezone.localdate(),
            is_sheet=self.is_sheet,
            weekdays=[WEEKDAYS[(SUNDAY + index) % 7] for index in range(7)],
            count=len(found),
            left_out=0 if self.is_sheet else max(len(found) - DEADLINES_SHOWN, 0),
            **shown,
            **kwargs,
        )


def by_month(found: list[Deadline]) -> list[tuple[datetime.date, list[Deadline]]]:
    """The deadlines of each month that has any, as many as a page holds."""
    months = groupby(found[:DEADLINES_SHOWN], key=lambda each: each.day.replace(day=1))
    return [(month, list(deadlines)) for month, deadlines in months]


def sheet(weeks: list[list[datetime.date]], month: datetime.date, found: list[Deadline]) -> list[list[DayCell]]:
    """The days of a month's weeks with what falls on each."""
    by_day = {day: list(deadlines) for day, deadlines in groupby(found, key=lambda each: each.day)}
    today = timezone.localdate()
    return [
        [DayCell(day, day.month == month.month, day == today, by_day.get(day, [])) for day in week] for week in weeks
    ]
