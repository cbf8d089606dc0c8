"""Previews of another edition of the method, and its use: pages of measuring that look at scorecards."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tables2 import RequestConfig

from kernel.access import OFFICE, STAFF
from kernel.exports import CONTENT_TYPES, export
from kernel.forms import MonthFormField
from kernel.pages import ConfirmPage, DetailPage
from metrics.models import Methodology
from vendors.methodologies.adopting import periods_to_judge, use_methodology
from vendors.methodologies.previewing import Move, Preview, preview_edition, previewable
from vendors.methodologies.tables import PreviewTable, moves_rows, standing_rows, standings
from vendors.models import Scorecard
from vendors.scorecards.periods import Editions, Period


class MethodologyPreview(DetailPage):
    """Who would rise, fall or become ungraded by a methodology: a page of its own, or a panel that another loads."""

    open_to = STAFF
    model = Methodology
    slug_field, slug_url_kwarg = "code", "code"

    def get_template_names(self) -> list[str]:
        return ["vendors/methodologies/_preview.html" if self.request.htmx else "vendors/methodologies/preview.html"]  # type: ignore[attr-defined]  # by HtmxMiddleware

    @cached_property
    def editions(self) -> Editions:
        return previewable(self.object, Scorecard.objects.visible_to(self.user), self.request.GET.get("period"))

    @cached_property
    def preview(self) -> Preview | None:
        edition = self.editions.selected
        return preview_edition(self.object, edition, Scorecard.objects.visible_to(self.user)) if edition else None

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        wanted = self.request.GET.get("export", "")
        if wanted not in CONTENT_TYPES or self.preview is None:
            return super().render_to_response(context, **kwargs)
        return export(context["table"].as_values(), export_format=wanted, name=f"preview-{self.object.code}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        preview = self.preview
        shown = self.pictures(preview) if preview else {}
        return super().get_context_data(editions=self.editions, preview=preview, **shown, **kwargs)

    def pictures(self, preview: Preview) -> dict[str, Any]:
        """The preview as tiles, charts and a table, the table of those who make the move that the address names."""
        move = self.request.GET.get("move", "")
        rows = [each for each in preview.comparisons if move not in Move.values or each.move == move]
        table, columns = PreviewTable(rows, preview=preview), standings(preview)
        return {
            "counts": [{"move": each.value, "label": each.label, "vendors": n} for each, n in preview.counts.items()],
            "columns": [{"label": each.label, "tone": each.tone} for each in columns],
            "standings": standing_rows(preview, columns),
            "moved": moves_rows(preview),
            "bands": list(preview.methodology.bands.all()),
            "move": Move(move) if move in Move.values else None,
            "table": RequestConfig(self.request, paginate={"per_page": 50}).configure(table),
        }


class UseForm(forms.Form):
    """From which month on a methodology is the state's default."""

    from_month = MonthFormField(
        label=_("For periods that start in or after"),
        help_text=_("Quarters and years that began earlier keep the methodology they have."),
    )


class MethodologyUse(ConfirmPage):
    """Says what using a methodology means, and makes it the state's default."""

    open_to = OFFICE
    model = Methodology
    slug_field, slug_url_kwarg = "code", "code"
    form_class = UseForm
    template_name = "vendors/methodologies/use.html"
    title = _("Use this methodology")
    confirm_label = _("Use it")

    @cached_property
    def former(self) -> Methodology | None:
        """What is the default until then."""
        return Methodology.objects.filter(is_default=True).first()

    @cached_property
    def periods(self) -> dict[Period, int]:
        """Closed periods that it may take over, and of how many vendors."""
        return periods_to_judge(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        this_month = timezone.localdate().replace(day=1)
        suggested = next(iter(self.periods), Period(this_month, 1)).start
        form = kwargs.pop("form", None) or UseForm({"from_month": self.request.GET.get("from_month", suggested)})
        month = form.cleaned_data["from_month"] if form.is_valid() else None
        again = {period: vendors for period, vendors in self.periods.items() if month and period.start >= month}
        kept = [period for period in self.periods if period not in again]
        return super().get_context_data(form=form, month=month, former=self.former, again=again, kept=kept, **kwargs)

    def act(self, data: dict[str, Any]) -> None:
        jobs = use_methodology(methodology=self.object, from_month=data["from_month"], by=self.user)
        words = ngettext(
            "It is the state's default now. Drafts of %(n)d period are being computed.",
            "It is the state's default now. Drafts of %(n)d periods are being computed.",
            len(jobs),
        )
        self.success_message = words % {"n": len(jobs)}
