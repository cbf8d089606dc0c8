"""The page of proposed segments, and deciding about them."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel.access import EDITORS, OFFICE, STAFF
from kernel.pages import Action, ListPage, Text
from kernel.templatetags.ui import money
from vendors.models import StateRules, Vendor
from vendors.segments.chart import DOTS, HEIGHT, WIDTH, dots, fields
from vendors.segments.deciding import decide_segments
from vendors.segments.filters import OPEN, ProposalFilterSet
from vendors.segments.proposing import is_undecided, judged
from vendors.segments.tables import ProposalTable


class DecisionForm(forms.Form):
    """The vendors that were chosen, each as code=segment as the page proposed it, and what is decided of all."""

    accepted = forms.TypedChoiceField(
        choices=(("yes", _("Accept")), ("no", _("Keep"))), coerce=lambda value: value == "yes"
    )

    def __init__(self, *args: Any, chosen: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = chosen

    def clean(self) -> dict[str, Any]:
        """Code → segment."""
        pairs = dict(pair.rpartition("=")[::2] for pair in self.chosen)
        if not pairs:
            raise forms.ValidationError(_("Choose at least one vendor in the list."))
        if not set(pairs.values()) <= set(Vendor.Segment.values):
            raise forms.ValidationError(_("Choose the vendors again."))
        return {**self.cleaned_data, "proposed": {code: Vendor.Segment(value) for code, value in pairs.items()}}


class SegmentProposals(ListPage):
    """Kraljic's chart of all vendors, and the list of what the rules propose for each."""

    open_to = STAFF
    model = Vendor
    table_class = ProposalTable
    filterset_class = ProposalFilterSet
    template_name = "vendors/segments/segments.html"
    title = _("Segments")
    export_name = "segments"
    up = (_("Vendors"), "vendors:vendor_list")
    actions = (Action(_("Change the rules"), "vendors:state_rules", OFFICE, is_main=False, icon="edit"),)
    nothing_yet = _("Once vendors have contracts in force, the rules propose a segment for each.")

    @cached_property
    def rules(self) -> StateRules:
        """What counts as much spending and as critical."""
        return StateRules.current()

    def facts(self) -> list[Text]:
        return [
            format_html(_now("Much is spent from {spending}"), spending=money(self.rules.spending_from)),
            _now("Critical from %(n)d of 5") % {"n": self.rules.criticality_from},
        ]

    def get_queryset(self) -> Any:
        return judged(self.rows(), self.rules).select_related("organization")

    @property
    def can_decide(self) -> bool:
        """Whether somebody of the role may change vendors at all; each vendor has the last word."""
        return self.user.role in EDITORS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = ("segment", "declined_segment", "spending", "criticality", "proposed", "organization__name")
        judged_rows = judged(self.rows(), self.rules).exclude(proposed="").order_by("-spending", "pk")
        vendors = list(judged_rows.values_list(*facts, named=True))
        context: dict[str, Any] = super().get_context_data(
            fields=fields(vendors),
            dots=dots(vendors[:DOTS], self.rules, settings.CURRENCY),
            width=WIDTH,
            height=HEIGHT,
            open=sum(map(is_undecided, vendors)),
            only_open=OPEN,
            can_decide=self.can_decide,
            **kwargs,
        )
        if self.can_decide:
            context["table"].columns.show("choose")
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DecisionForm(request.POST, chosen=request.POST.getlist("chosen"))
        if not form.is_valid():
            messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
            return HttpResponseRedirect(request.get_full_path())
        accepted = form.cleaned_data["accepted"]
        vendors = decide_segments(proposed=form.cleaned_data["proposed"], accepted=accepted, by=self.user)
        changed = ngettext("%(n)d vendor has its new segment.", "%(n)d vendors have their new segment.", vendors)
        kept = ngettext("%(n)d vendor keeps its segment.", "%(n)d vendors keep their segment.", vendors)
        messages.success(request, (changed if accepted else kept) % {"n": vendors})
        return HttpResponseRedirect(request.get_full_path())
