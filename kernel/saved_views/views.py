"""Pages of saved views."""

from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kernel.access import EVERYONE, WRITERS
from kernel.pages import ConfirmPage, CreatePage, EditPage, ListPage, PlainPage
from kernel.saved_views.forms import SavedViewForm
from kernel.saved_views.menu import kept
from kernel.saved_views.models import SavedView


def list_page(name: str) -> type[ListPage] | None:
    """The list whose address has this name; none where it is no list, or there is none any more."""
    try:
        page = getattr(resolve(reverse(name)).func, "view_class", None)
    except NoReverseMatch:
        return None
    return page if isinstance(page, type) and issubclass(page, ListPage) else None


class SavedViewList(PlainPage):
    """All views that one has, by list: one's own to rename and remove, and what colleagues share."""

    open_to = EVERYONE
    template_name = "saved_views/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        views = SavedView.objects.visible_to(self.user).select_related("owner")
        pages = [(list_page(view.page), view) for view in views]
        rows = [(page.model._meta.verbose_name_plural, view) for page, view in pages if page is not None]
        own = [row for row in rows if row[1].owner_id == self.user.pk]
        shared = [row for row in rows if row[1].owner_id != self.user.pk]
        return super().get_context_data(own=own, shared=shared, **kwargs)


class OwnView:
    """What pages about one's own view share: they lead back to all of them."""

    model = SavedView
    open_to = WRITERS
    form_class: Any = SavedViewForm

    def get_success_url(self) -> str:
        return reverse("saved_views:view_list")


class SavedViewCreate(CreatePage):
    """Save the list whose name and query the address holds."""

    open_to = WRITERS
    model = SavedView
    form_class = SavedViewForm
    title = _("Save this view")
    intro = _("The filters and the order of the list, under a name that stands above it from now on.")
    success_message = _("The view is saved. Its name stands above the list.")

    @cached_property
    def page(self) -> type[ListPage]:
        """The list, if its page is open to who asks."""
        page = list_page(self.kwargs["page"])
        if page is not None and self.user.role in page.open_to:
            return page
        raise Http404

    @cached_property
    def view(self) -> SavedView:
        """The view as it would be saved."""
        return SavedView(owner=self.user, page=self.kwargs["page"], query=kept(self.page, self.request.GET))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.view}

    def cancel_url(self) -> str:
        return self.view.get_absolute_url()


class SavedViewUpdate(OwnView, EditPage):
    """Rename a view, share it or keep it to oneself."""

    title = _("Change view")


class SavedViewRemove(OwnView, ConfirmPage):
    """Remove a view; the list itself stays."""

    form_class = None
    title = _("Remove this view?")
    confirm_label = _("Remove")
    success_message = _("The view is removed.")
    danger = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("“%(name)s” is removed from the list; the rows in it stay as they are.")
        return super().get_context_data(**{"intro": words % {"name": self.object.name}, **kwargs})

    def act(self, data: dict[str, Any]) -> None:
        self.object.delete()
