"""Pages about scorecards: the list, and the one that answers “why this score?”."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_tables2 import RequestConfig

from kernel.access import PARTIES, STAFF
from kernel.pages import DetailPage, ListPage
from vendors.filters.scorecards import ScorecardListFilterSet
from vendors.models import Scorecard
from vendors.querysets.scorecards import FEWEST_PEERS
from vendors.scorecards.explaining import CHANGES_SHOWN, Explanation, explain
from vendors.scorecards.pdf import scorecard_pdf
from vendors.scorecards.periods import Editions
from vendors.tables.scorecards import LineTable, ScorecardTable
from vendors.views.vendors import dimension_bars


class ScorecardList(ListPage):
    """All scorecards that no later revision replaced; drafts can be chosen for publishing."""

    open_to = PARTIES
    model = Scorecard
    table_class = ScorecardTable
    filterset_class = ScorecardListFilterSet
    template_name = "vendors/scorecard_list.html"
    export_name = "scorecards"
    nothing_yet = _(
        "Drafts appear once a month, quarter or year with measurements is over; the CIO's office then publishes them."
    )

    @cached_property
    def editions(self) -> Editions:
        return Editions(self.rows().standing().editions())

    def get_queryset(self) -> QuerySet[Scorecard]:
        rows = self.rows().standing().with_trend()
        rows = rows.select_related("vendor__organization", "methodology", "grade")
        return rows.prefetch_related("methodology__bands")

    def get_filterset_kwargs(self, filterset_class: type) -> dict[str, Any]:
        return {**super().get_filterset_kwargs(filterset_class), "editions": self.editions}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if context["can_create"]:
            open_cards = Scorecard.objects.editable_by(self.user).open()
            context["publishable"] = self.object_list.filter(pk__in=open_cards.order_by().values("pk")).count()
            if context["publishable"]:
                context["table"].columns.show("choose")
        return context


class ScorecardPage(DetailPage):
    """One scorecard with its revisions and its explanation, as far as the reader sees them."""

    open_to = PARTIES
    model = Scorecard

    def get_queryset(self) -> QuerySet[Scorecard]:
        rows = self.rows().with_trend()
        rows = rows.select_related("vendor__organization", "methodology", "grade", "published_by")
        return rows.prefetch_related("methodology__bands")

    @cached_property
    def revisions(self) -> list[Scorecard]:
        return list(Scorecard.objects.visible_to(self.user).same_as(self.object).order_by("-revision"))

    @cached_property
    def explanation(self) -> Explanation:
        return explain(self.object, self.user, self.revisions)


class ScorecardDetail(ScorecardPage):
    """One scorecard, explained down to each service level."""

    template_name = "vendors/scorecard_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        card, user, revisions, explanation = self.object, self.user, self.revisions, self.explanation
        median, peers = Scorecard.objects.current().of_edition(card.edition).peers_of(card.vendor.segment).median()
        config = RequestConfig(self.request, paginate=False)
        return super().get_context_data(
            explanation=explanation,
            tables=[(each, config.configure(LineTable(each.lines))) for each in explanation.dimensions if each.lines],
            bars=dimension_bars(explanation.card, [each.row for each in explanation.dimensions]),
            changes=explanation.changes[:CHANGES_SHOWN],
            median=median,
            peers=peers,
            fewest_peers=FEWEST_PEERS,
            revisions=[each for each in revisions if each != card],
            newer=next((each for each in revisions if each.revision > card.revision), None),
            sees_names=user.role in STAFF,
            **kwargs,
        )


class ScorecardPdf(ScorecardPage):
    """The same as a file to print, send or keep."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        card = self.object = self.get_object()
        address = request.build_absolute_uri(card.get_absolute_url())
        name = f"scorecard-{card.vendor.organization.code}-{card.period_start:%Y-%m}-r{card.revision}.pdf"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        pdf = scorecard_pdf(self.explanation, address=address)
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)
