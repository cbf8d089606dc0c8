"""Pages of vendor identity: what is likely one, two side by side, what was merged, and undoing it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.generic import FormView

from kernel.access import OFFICE, STAFF
from kernel.directory.models import OrganizationMerge
from kernel.pages import ConfirmPage, DetailPage, ListPage, Page, changeable
from vendors.identity.comparing import side_by_side, what_moved, what_stayed
from vendors.identity.deciding import keep_apart, merge_pair, suspect, undo, weightier
from vendors.identity.filters import LikelyDuplicateFilterSet, MergeFilterSet
from vendors.identity.forms import CompareForm, DecisionForm
from vendors.identity.suggesting import request_comparison
from vendors.identity.tables import LikelyDuplicateTable, MergeTable, percent
from vendors.models import LikelyDuplicate, StateRules


class DuplicateList(ListPage):
    """Pairs of vendors that may be one."""

    open_to = STAFF
    model = LikelyDuplicate
    table_class = LikelyDuplicateTable
    filterset_class = LikelyDuplicateFilterSet
    template_name = "vendors/identity/duplicate_list.html"
    noun = ngettext_lazy("pair", "pairs")
    up = (_("Vendors"), "vendors:vendor_list")
    export_name = "likely-duplicates"
    nothing_yet = _(
        "Every night all vendors are compared with each other by their names and identifiers. What may be one stands"
        " here with the reasons, for somebody to decide."
    )

    def get_queryset(self) -> QuerySet[LikelyDuplicate]:
        return self.rows().select_related("one__organization", "other__organization")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        undecided = self.rows().undecided().count()
        return super().get_context_data(undecided=undecided, rules=StateRules.current(), **kwargs)


class DuplicateSearch(Page):
    """Have all vendors compared now."""

    open_to = OFFICE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(request_comparison(self.user).get_absolute_url())


class DuplicateCreate(Page, FormView):
    """Two vendors that somebody holds for one, though nothing found them."""

    open_to = OFFICE
    form_class = CompareForm
    template_name = "vendors/identity/duplicate_create.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.user}

    def get_initial(self) -> dict[str, Any]:
        return {"one": self.request.GET.get("vendor", "")}

    def form_valid(self, form: CompareForm) -> HttpResponse:
        one, other = (form.cleaned_data[name].vendor for name in ("one", "other"))
        try:
            pair = suspect(one=one, other=other, by=self.user)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        return HttpResponseRedirect(pair.get_absolute_url())


class DuplicateDetail(DetailPage):
    """Two vendors side by side, with what speaks for and against their being one, and the decision."""

    open_to = STAFF
    model = LikelyDuplicate
    template_name = "vendors/identity/duplicate_detail.html"
    context_object_name = "pair"

    def get_queryset(self) -> QuerySet[LikelyDuplicate]:
        return self.rows().select_related("one__organization", "other__organization", "decided_by", "merge")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pair = self.object
        form = kwargs.pop("form", None)
        if form is None:
            form = DecisionForm(pair=pair, initial={"keep": weightier(pair.one_id, pair.other_id)})
        return super().get_context_data(
            facts=side_by_side(pair, self.user), form=form, certainty=percent(pair.certainty), **kwargs
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        pair = self.object = changeable(self.get_queryset(), self.user, pk=pk)
        following = self.following()
        try:
            if request.POST.get("decision") == LikelyDuplicate.Decision.DIFFERENT:
                keep_apart(pair=pair, by=self.user)
                message = _now("%(pair)s stay two vendors; they are not suggested again.") % {"pair": pair}
                messages.success(request, message)
                return HttpResponseRedirect(following)
            form = DecisionForm(request.POST, pair=pair)
            if not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form))
            merge = merge_pair(
                pair=pair, keep=form.cleaned_data["keep"], reason=form.cleaned_data["reason"], by=self.user
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.get_full_path())
        told = {"absorbed": merge.absorbed, "kept": merge.kept}
        words = _now("%(absorbed)s is one with %(kept)s now.") % told
        page = reverse("vendors:merge_detail", args=[merge.pk])
        messages.success(request, format_html('{} <a href="{}">{}</a>', words, page, _now("See or undo it")))
        return HttpResponseRedirect(following)

    def following(self) -> str:
        """The next pair to decide, the likeliest first; the list where there is none."""
        waiting: LikelyDuplicate | None = self.rows().undecided().exclude(pk=self.object.pk).first()
        return waiting.get_absolute_url() if waiting else reverse("vendors:duplicate_list")


class MergeList(ListPage):
    """What was made one."""

    open_to = STAFF
    model = OrganizationMerge
    table_class = MergeTable
    filterset_class = MergeFilterSet
    title = _("Merged vendors")
    noun = ngettext_lazy("merge", "merges")
    up = (_("Likely duplicates"), "vendors:duplicate_list")
    export_name = "merges"
    nothing_yet = _("Vendors that were found to be one stand here, and can be made two again.")

    def get_queryset(self) -> QuerySet[OrganizationMerge]:
        return self.rows().select_related("absorbed", "kept", "merged_by")


class MergeDetail(DetailPage):
    """One merge: who, when and why, what went along and what could not."""

    open_to = STAFF
    model = OrganizationMerge
    template_name = "vendors/identity/merge_detail.html"
    context_object_name = "merge"

    def get_queryset(self) -> QuerySet[OrganizationMerge]:
        return self.rows().select_related("absorbed", "kept", "merged_by", "undone_by").prefetch_related("pairs")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        undone = self.object.undone_at is not None
        return super().get_context_data(
            moved=what_moved(self.object), stayed=[] if undone else what_stayed(self.object), **kwargs
        )


class MergeUndo(ConfirmPage):
    """Make two vendors of one again."""

    open_to = OFFICE
    model = OrganizationMerge
    template_name = "vendors/identity/merge_undo.html"
    title = _("Make two vendors of it again")
    confirm_label = _("Undo the merge")
    success_message = _("They are two vendors again.")

    def get_queryset(self) -> QuerySet[OrganizationMerge]:
        return self.rows().select_related("absorbed", "kept")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(moved=what_moved(self.object), **kwargs)

    def act(self, data: dict[str, Any]) -> None:
        undo(merge=self.object, by=self.user)
