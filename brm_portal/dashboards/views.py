"""The CIO overview, and the first page of every role."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from brm_portal.dashboards import home, overview, rows
from brm_portal.dashboards.overview import Standing
from brm_portal.dashboards.searching import LONGEST_TEXT, find
from kernel.access import EVERYONE, OFFICE, STAFF
from kernel.pages import PlainPage
from metrics.models import Methodology
from vendors.filters.scorecards import ANY_GRADE, ENOUGH_EVIDENCE, NOT_SCORED
from vendors.scorecards.periods import Edition, Editions


class Home(PlainPage):
    """The first page after logging in: the overview for the CIO's office, its own for every other role."""

    open_to = EVERYONE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.user.role in OFFICE:
            return redirect("dashboards:overview")
        return super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return [f"dashboards/home_{self.user.role}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**home.facts_for(self.user), **kwargs)


class Overview(PlainPage):
    """How the state's vendors, spending, outcomes and contracts stand, in one period."""

    open_to = STAFF
    template_name = "dashboards/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.user
        methodologies = overview.methodologies(user)
        standings = overview.standings(user, methodologies)
        editions = Editions(standings, self.request.GET.get("period"))
        holding = overview.holding(user)
        return super().get_context_data(
            editions=editions,
            edition=editions.selected,
            drafts=overview.drafts(user),
            holding=holding,
            ending=overview.ending_soon(user),
            holders=rows.holder_rows(overview.holders_outside(user)),
            contract_links=rows.contract_links(),
            ending_within=overview.ENDING_WITHIN_DAYS,
            **(self.standing(editions, standings, methodologies) if editions.selected else {}),
            **kwargs,
        )

    def standing(
        self, editions: Editions, standings: dict[Edition, Standing], methodologies: dict[int, Methodology]
    ) -> dict[str, Any]:
        """What is told of the selected period."""
        user, edition, code = self.user, editions.selected, editions.code
        assert edition is not None  # The caller asked.
        methodology = methodologies[edition.methodology_id]
        grades = rows.grades_of(methodology.bands.all())
        standing, vendors = standings[edition], overview.vendors(user)
        compared = overview.comparable(edition, editions.all)
        month = f"{edition.period.last_month:%Y-%m}"
        return {
            "methodology": methodology,
            "edges": [band.lower_bound for band in methodology.bands.all()],
            "standing": standing,
            "vendors": vendors,
            "not_scored": max(vendors - standing.scored, 0),
            "grades": rows.standing_rows(standing, grades, code),
            "columns": [{"label": grade.label, "tone": grade.tone} for grade in grades],
            "quarters": rows.quarter_rows(overview.quarters(edition, standings), grades, editions),
            "compared": compared,
            "fallers": overview.fallers(user, compared) if compared else [],
            "spend": rows.spend_rows(overview.spend(user, edition), grades, code),
            "outcomes": rows.outcome_rows(overview.outcomes(user, edition), month),
            "behind": overview.outcomes_behind(user, edition),
            "scored_href": rows.vendors_at(code, ANY_GRADE),
            "evidence_href": rows.vendors_at(code, ENOUGH_EVIDENCE),
            "not_scored_href": rows.vendors_at(code, NOT_SCORED),
        }


class Search(PlainPage):
    """Vendors, agencies, contracts, services and outcomes that hold the words of `q`."""

    open_to = EVERYONE
    template_name = "dashboards/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "").strip()[:LONGEST_TEXT]
        return super().get_context_data(searched=text, findings=find(text, self.user), **kwargs)
